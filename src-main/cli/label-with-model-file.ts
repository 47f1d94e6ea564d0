import { AppError } from '#core/base/app-error';
import { engineChoices } from '#contract/annotation-request';
import type { ModelRequest } from '#compute/run-model';
import { checkResultsFolder } from '#compute/results-folder';
import { checkRegular } from '#formats/detect/folder';
import { readModelFile } from '#store/model-file';
import type { ParsedArguments } from './arguments.ts';
import { askWorkProcess } from './ask-work-process.ts';
import { cancellable } from './cancellable.ts';
import { checkQueryColumns } from './check-columns.ts';
import { commands } from './commands.ts';
import { allowed, numberFrom, optional } from './option-values.ts';
import { filesOf } from './files-of.ts';
import { pathArgument } from './path-argument.ts';
import { placingResults } from './placing-results.ts';
import { resultTable } from './result-table.ts';
import { studyChoices } from './study-choices.ts';
import { terminalProgress } from './terminal-progress.ts';

/** Options of `annotate` that say something where a model labels. */
const withModel = new Set([
  ...['model', 'query', 'out', 'truth', 'query-peaks', 'barcodes', 'annotation', 'minimum-fragments'],
  ...['query-labels', 'query-matrix', 'query-repair', 'engine', 'threshold', 'no-figures', 'json'],
]);

/** `cellpredx annotate --model`: labels a query with the model of an earlier run. No figures are made: they show both studies. */
export async function labelWithModelFile(parsed: ParsedArguments): Promise<number> {
  const request = modelRequestOf(parsed);
  const directory = pathArgument('--out', parsed.value('out')!);
  const { query, queryPeaks } = request;
  // what cannot be used is refused before the query is read
  await checkRegular(request.model);
  await readModelFile(request.model);
  const files = filesOf({ reference: [], query, queryPeaks, chain: undefined, geneSets: undefined });
  await checkResultsFolder(directory, [request.model, ...files]);
  await checkQueryColumns(request);
  const progress = terminalProgress(process.stderr);
  const { summary } = await cancellable((signal) =>
    placingResults(directory, signal, () =>
      askWorkProcess({ kind: 'label', request, directory }, { signal, progress }),
    ).finally(() => progress.end()),
  );
  if (parsed.flag('json')) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  else process.stdout.write(`${resultTable(summary)}\nResults are in ${directory}\n`);
  return 0;
}

/** What the options ask for. Throws `command.not-with-model` and `command.bad-value` naming the option. */
function modelRequestOf(parsed: ParsedArguments): ModelRequest {
  const idle = Object.keys(commands.annotate.options).find((name) => !withModel.has(name) && parsed.flag(name));
  if (idle !== undefined) throw new AppError('command.not-with-model', { option: `--${idle}` });
  const threshold = optional(parsed.value('threshold'), numberFrom) ?? null;
  if (threshold !== null && !(threshold >= 0 && threshold <= 1)) {
    const value = parsed.value('threshold')!;
    throw new AppError('command.bad-value', { option: '--threshold', value, allowed: allowed['threshold']! });
  }
  const engine = engineChoices.find((choice) => choice === (parsed.value('engine') ?? 'auto'));
  if (engine === undefined) {
    const value = parsed.value('engine')!;
    throw new AppError('command.bad-value', { option: '--engine', value, allowed: engineChoices.join(', ') });
  }
  const [peaks, truth] = [parsed.value('query-peaks'), parsed.value('truth')];
  return {
    model: pathArgument('--model', parsed.value('model')!),
    query: studyChoices(parsed, 'query'),
    ...(peaks === undefined ? {} : { queryPeaks: { path: pathArgument('--query-peaks', peaks), repairs: [] } }),
    ...(truth === undefined ? {} : { truth }),
    ...{ engine, threshold },
  };
}
