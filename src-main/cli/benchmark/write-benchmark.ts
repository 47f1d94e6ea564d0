import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BenchmarkScore, measures, measureTitles } from '#core/assess/benchmark-score';
import type { BenchmarkTables, Spread } from '#core/assess/benchmark-tables';
import { benchmarkFigures } from '#core/figures/benchmark-figures';
import { figureTable } from '#core/figures/figure-table';
import { figureSvg } from '#charts/figure-svg';
import { writeWhole } from '#compute/write-results';
import { tableCsv } from '#charts/export/chart-file';
import { type CsvField, writeCsv } from '#formats/labels-csv/write-csv';
import type { LeftOut } from './combinations.ts';

/** Everything a benchmark leaves, as in `benchmark.json`. */
export interface BenchmarkResults {
  readonly title: string;
  readonly version: string;
  readonly scores: readonly BenchmarkScore[];
  readonly failed: readonly {
    readonly pair: string;
    readonly method: string;
    readonly seed: number;
    readonly runId: string;
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
  }[];
  readonly leftOut: readonly LeftOut[];
  readonly tables: BenchmarkTables;
}

/**
 * Writes `runs.csv` (a row per run), `pairs.csv` (mean ± sd over seeds), `methods.csv` (over pairs), `tests.csv`,
 * `benchmark.json` with all of it, and `figures/*.svg`, a CSV with its numbers beside each. Each file appears when it is whole; those of an earlier time are replaced.
 */
export async function writeBenchmark(directory: string, results: BenchmarkResults): Promise<void> {
  const { scores, tables } = results;
  const figures = join(directory, 'figures');
  await rm(figures, { recursive: true, force: true }); // figures of methods that are no longer in the file
  await mkdir(figures, { recursive: true });
  await writeCsv(join(directory, 'runs.csv'), runColumns, scores.map(runRow));
  await writeCsv(
    join(directory, 'pairs.csv'),
    ['pair', 'study', 'representation', 'method', 'seeds', 'rank_accuracy', 'rank_macro_f1', ...spreadColumns],
    tables.pairs.map((row) => [
      ...[row.pair, row.study, row.representation, row.method, row.seeds, row.rank.accuracy, row.rank.macro_f1],
      ...spreadFields(row),
    ]),
  );
  await writeCsv(
    join(directory, 'methods.csv'),
    ['method', 'pairs', 'mean_rank_accuracy', 'mean_rank_macro_f1', ...spreadColumns],
    tables.methods.map((row) => [
      ...[row.method, row.pairs, row.meanRank.accuracy, row.meanRank.macro_f1],
      ...spreadFields(row),
    ]),
  );
  await writeCsv(
    join(directory, 'tests.csv'),
    ['measure', 'method_a', 'method_b', 'pairs', 'mean_difference', 'signed_rank_p', 'nemenyi_p'],
    tables.tests.map((t) => [t.measure, t.a, t.b, t.pairs, t.difference, t.signedRankP, t.nemenyiP]),
  );
  for (const figure of benchmarkFigures(scores)) {
    await writeWhole(join(figures, `${figure.id}.svg`), figureSvg(figure));
    await writeWhole(join(figures, `${figure.id}.csv`), tableCsv(figureTable(figure)));
  }
  await writeWhole(join(directory, 'benchmark.json'), `${JSON.stringify({ ...results, measureTitles }, null, 2)}\n`);
}

const runColumns = [
  ...['pair', 'study', 'representation', 'method', 'method_id', 'seed', 'varied', 'ablates', 'run_id', 'engine'],
  ...['cells_scored', 'features', 'steps', ...measures],
  ...['prepare_seconds', 'train_seconds', 'predict_seconds', 'total_seconds', 'peak_bytes'],
];

function runRow(score: BenchmarkScore): CsvField[] {
  const { seconds } = score;
  return [
    ...[score.pair, score.study, score.representation, score.method, score.methodId, score.seed],
    ...[score.varied === null ? null : JSON.stringify(score.varied), score.ablates, score.runId, score.engine],
    ...[score.cellsScored, score.features, score.steps],
    ...measures.map((measure) => score.measures[measure]),
    ...[seconds.prepare, seconds.train, seconds.predict, seconds.total, score.peakBytes],
  ];
}

const spreadColumns = [
  ...measures.flatMap((measure) => [measure, `${measure}_sd`]),
  ...['train_seconds', 'train_seconds_sd', 'total_seconds', 'total_seconds_sd', 'peak_bytes'],
];

function spreadFields(row: BenchmarkTables['pairs'][number] | BenchmarkTables['methods'][number]): CsvField[] {
  const both = (spread: Spread | null): CsvField[] => [spread?.mean ?? null, spread?.sd ?? null];
  return [
    ...measures.flatMap((measure) => both(row.measures[measure])),
    ...both(row.trainSeconds),
    ...both(row.totalSeconds),
    row.peakBytes,
  ];
}
