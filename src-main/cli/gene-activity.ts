import { AppError } from '#core/base/app-error';
import { StudyChoice } from '#contract/annotation-request';
import { parseRepair } from '#formats/inspect/parse-repair';
import type { ParsedArguments } from './arguments.ts';
import { askWorkProcess } from './ask-work-process.ts';
import { cancellable } from './cancellable.ts';
import { chromatinOf } from './chromatin-options.ts';
import { checkNewFile, writeNewFiles } from './new-files.ts';
import { pathArgument } from './path-argument.ts';
import { noteLines, shareTable } from './share-table.ts';
import { terminalProgress } from './terminal-progress.ts';

/** `cellpredx gene-activity`: gene activity of fragments or peaks as a new .h5ad file. */
export async function run(parsed: ParsedArguments): Promise<number> {
  const target = pathArgument('--out', parsed.value('out')!);
  const plotted = parsed.value('plot');
  const plot = plotted === undefined ? null : pathArgument('--plot', plotted);
  const model = parsed.value('model') ?? 'body';
  if (model !== 'body' && model !== 'weighted') {
    throw new AppError('command.bad-value', { option: '--model', value: model, allowed: 'body, weighted' });
  }
  await checkNewFile('--out', target);
  if (plot !== null) await checkNewFile('--plot', plot);
  if (plot === target) {
    throw new AppError('command.bad-value', { option: '--plot', value: plot, allowed: 'another file than --out' });
  }
  const made = await cancellable(async (signal) => {
    const progress = terminalProgress(process.stderr);
    const ask = { choice: choiceOf(parsed), weighted: model === 'weighted' };
    try {
      return await writeNewFiles([target], signal, ([draft]) =>
        askWorkProcess({ kind: 'gene-activity', ...ask, target: draft!, plot }, { signal, progress }),
      );
    } finally {
      progress.end();
    }
  });
  const drawn = made.threshold === null ? null : plot;
  const json = { ...made, out: target, plot: drawn };
  if (parsed.flag('json')) process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  else process.stdout.write(`${shareTable(made.share)}\n${noteLines(made.notes)}`);
  process.stderr.write(`Wrote ${target}: ${made.cells} cells × ${made.features} genes.\n`);
  if (drawn !== plot) process.stderr.write('No plot was drawn: no cells had to be told by their fragments.\n');
  return 0;
}

function choiceOf(parsed: ParsedArguments): StudyChoice {
  const labels = parsed.value('labels');
  const slot = parsed.value('matrix');
  const repairs = parsed.list('repair').map(parseRepair);
  return StudyChoice.parse({
    path: pathArgument('FILE', parsed.positional[0]!),
    repairs: slot === undefined ? repairs : [{ kind: 'use-matrix', slot }, ...repairs],
    ...(labels === undefined ? {} : { labelsFile: pathArgument('--labels', labels) }),
    chromatin: chromatinOf(parsed, 'query'),
  });
}
