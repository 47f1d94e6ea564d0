import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '#core/base/app-error';
import { writeAnnotatedH5ad } from '#formats/h5ad/write-annotated-h5ad';
import { inspectStudy } from '#formats/inspect/inspect-study';
import { parseRepair } from '#formats/inspect/parse-repair';
import { preflightText } from '#formats/inspect/preflight-text';
import type { Repair } from '#formats/inspect/repair';
import { readStudy } from '#formats/read-study';
import type { ParsedArguments } from './arguments.ts';

/** `cellpredx inspect`: the pre-flight findings of a file; with `--repair` and `--out` a repaired copy of it. */
export async function run(parsed: ParsedArguments): Promise<number> {
  const slot = parsed.value('matrix');
  const labels = parsed.value('labels');
  const repairs: Repair[] = parsed.list('repair').map(parseRepair);
  if (slot !== undefined) repairs.unshift({ kind: 'use-matrix', slot });
  const choice = {
    path: resolve(parsed.positional[0]!),
    repairs,
    ...(labels === undefined ? {} : { labelsFile: resolve(labels) }),
  };
  const report = await inspectStudy(choice);
  process.stdout.write(parsed.flag('json') ? `${JSON.stringify(report, null, 2)}\n` : preflightText(report));

  const out = parsed.value('out');
  if (out === undefined) return 0;
  const target = resolve(out);
  if (await exists(target)) {
    throw new AppError('command.bad-value', { option: '--out', value: out, allowed: 'a file that does not exist yet' });
  }
  const study = await readStudy(choice);
  await writeAnnotatedH5ad({ source: null, target, study, columns: new Map(), embeddings: new Map() });
  process.stderr.write(`Wrote ${target}: ${study.matrix.rows} cells × ${study.matrix.columns} features.\n`);
  return 0;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw new AppError('command.cannot-write', { path, reason: error.message }, { cause: error });
    },
  );
}
