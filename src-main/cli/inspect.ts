import { AppError } from '#core/base/app-error';
import { inspectStudy } from '#formats/inspect/inspect-study';
import { parseRepair } from '#formats/inspect/parse-repair';
import { preflightText } from '#formats/inspect/preflight-text';
import type { Repair } from '#formats/inspect/repair';
import type { ParsedArguments } from './arguments.ts';
import { askWorkProcess } from './ask-work-process.ts';
import { cancellable } from './cancellable.ts';
import { chromatinOf } from './chromatin-options.ts';
import { checkNewFile, writeNewFiles } from './new-files.ts';
import { pathArgument } from './path-argument.ts';

/** `cellpredx inspect`: the pre-flight findings of a file; with `--repair` and `--out` a repaired copy of it. */
export async function run(parsed: ParsedArguments): Promise<number> {
  const slot = parsed.value('matrix');
  const labels = parsed.value('labels');
  const repairs: Repair[] = parsed.list('repair').map(parseRepair);
  if (slot !== undefined) repairs.unshift({ kind: 'use-matrix', slot });
  const choice = {
    path: pathArgument('FILE', parsed.positional[0]!),
    repairs,
    ...(labels === undefined ? {} : { labelsFile: pathArgument('--labels', labels) }),
    chromatin: chromatinOf(parsed, 'query'),
  };
  const out = parsed.value('out');
  const target = out === undefined ? null : pathArgument('--out', out);
  if (target !== null) await checkNewFile('--out', target);

  const report = await inspectStudy(choice);
  process.stdout.write(parsed.flag('json') ? `${JSON.stringify(report, null, 2)}\n` : preflightText(report));
  if (report.chosenSlot === null) {
    throw new AppError('reading.no-matrix', { file: report.name, format: report.dialect });
  }
  if (target === null) return 0;
  const { cells, features } = await cancellable((signal) =>
    writeNewFiles([target], signal, ([draft]) => askWorkProcess({ kind: 'copy', choice, target: draft! }, { signal })),
  );
  process.stderr.write(`Wrote ${target}: ${cells} cells × ${features} features.\n`);
  return 0;
}
