import { basename, extname, join } from 'node:path';
import { AppError, errorCodes } from '#core/base/app-error';
import type { BenchmarkScore } from '#core/assess/benchmark-score';
import { benchmarkTables } from '#core/assess/benchmark-tables';
import { tryFolder } from '#compute/results-folder';
import type { ParsedArguments } from './arguments.ts';
import { readBenchmarkFile } from './benchmark/benchmark-file.ts';
import { benchmarkText } from './benchmark/benchmark-text.ts';
import { type Combination, combinationsOf } from './benchmark/combinations.ts';
import { type CombinationEnd, runCombinations } from './benchmark/run-combinations.ts';
import { scoreOf } from './benchmark/score-of.ts';
import { type BenchmarkResults, writeBenchmark } from './benchmark/write-benchmark.ts';
import { cancellable } from './cancellable.ts';
import { checkColumns } from './check-columns.ts';
import { pathArgument } from './path-argument.ts';
import { terminalProgress } from './terminal-progress.ts';
import { version } from './version.ts';

/** `cellpredx benchmark`: methods × pairs × seeds × settings as runs of a project, with tables, tests and figures. */
export async function run(parsed: ParsedArguments): Promise<number> {
  const [file, second] = parsed.positional;
  if (file === undefined) throw new AppError('command.missing-option', { option: 'a FILE', command: 'benchmark' });
  if (second !== undefined) {
    throw new AppError('command.unexpected-argument', { argument: second, command: 'benchmark' });
  }
  const benchmark = await readBenchmarkFile(pathArgument('FILE', file));
  const project = pathArgument('--project', parsed.value('project')!);
  const { combinations, leftOut } = combinationsOf(benchmark);
  await tryFolder(project);
  for (const pair of benchmark.pairs) {
    const first = combinations.find((combination) => combination.pair === pair);
    if (first !== undefined) await checkColumns(first.request); // before hours are spent on the others
  }
  const out = parsed.value('out');
  const name = basename(benchmark.path, extname(benchmark.path));
  const directory = out === undefined ? join(project, 'benchmarks', name) : pathArgument('--out', out);
  await tryFolder(directory);

  const scores: BenchmarkScore[] = [];
  const progress = terminalProgress(process.stderr);
  let ends: CombinationEnd[];
  try {
    ends = await cancellable((signal) =>
      runCombinations(project, combinations, {
        signal,
        event: (event) => {
          if (event.kind === 'started') progress.engine(event.engine);
          else if (event.kind === 'stage') progress.stage(event.stage, event.fraction, event.text);
          else if (event.kind === 'step') progress.step(event);
        },
        ended: (end, place, reader) => {
          const score = end.status === 'finished' ? scoreOf(reader, end.runId, end.combination) : null;
          if (score !== null) scores.push(score);
          progress.end();
          process.stderr.write(`[${place + 1}/${combinations.length}] ${lineOf(end, score)}\n`);
        },
      }),
    );
  } finally {
    progress.end();
  }
  const results: BenchmarkResults = {
    title: benchmark.title,
    version,
    scores,
    failed: ends.flatMap((end) => {
      if (end.status === 'finished') return [];
      const { code, message, remedy } = end.error;
      return [{ ...placeOf(end.combination), runId: end.runId, code, message, remedy }];
    }),
    leftOut,
    tables: benchmarkTables(scores),
  };
  await writeBenchmark(directory, results);
  if (parsed.flag('json')) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  else process.stdout.write(`${benchmarkText(results)}\nTables and figures are in ${directory}\n`);
  return exitCode(results.failed);
}

/** 0 where every run finished, 2 where a person can mend what failed, 1 where something is our fault. */
function exitCode(failed: BenchmarkResults['failed']): number {
  if (failed.length === 0) return 0;
  return failed.every(({ code }) => (errorCodes as readonly string[]).includes(code)) ? 2 : 1;
}

function placeOf({ pair, variant, seed }: Combination): { pair: string; method: string; seed: number } {
  return { pair: pair.name, method: variant.name, seed };
}

function lineOf(end: CombinationEnd, score: BenchmarkScore | null): string {
  const { pair, method, seed } = placeOf(end.combination);
  const what = `${pair}, ${method}, seed ${seed}`;
  if (end.status === 'failed') return `${what}: failed: ${end.error.message}`;
  const { accuracy, macro_f1 } = score!.measures;
  const text = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
  const how = end.kept ? 'kept' : `${score!.seconds.total.toFixed(1)} s`;
  return `${what}: accuracy ${text(accuracy)}, macro-F1 ${text(macro_f1)} (${how})`;
}
