import { type BenchmarkScore, type Measure, measures } from './benchmark-score.ts';
import { meanRanks, signedRankTest } from './paired-tests.ts';
import { compareByRanks, type RankComparison } from './rank-comparison.ts';

/** Mean and unbiased standard deviation of some numbers; sd is null for fewer than two. */
export interface Spread {
  readonly mean: number;
  readonly sd: number | null;
  readonly count: number;
}

/** A method on a pair, over its seeds. */
export interface PairRow {
  readonly pair: string;
  readonly study: string;
  readonly representation: string | null;
  readonly method: string;
  readonly seeds: number;
  readonly measures: Readonly<Record<Measure, Spread | null>>;
  /** Rank among the methods of the comparison on this pair by the mean, 1 is best; null where the method is none of them. */
  readonly rank: { readonly accuracy: number | null; readonly macro_f1: number | null };
  readonly trainSeconds: Spread;
  readonly totalSeconds: Spread;
  readonly peakBytes: number;
}

/** A method over the pairs: mean and spread of its means per pair. */
export interface MethodRow {
  readonly method: string;
  readonly pairs: number;
  readonly measures: Readonly<Record<Measure, Spread | null>>;
  /** Mean of the ranks over the pairs; null where it was ranked nowhere. */
  readonly meanRank: { readonly accuracy: number | null; readonly macro_f1: number | null };
  readonly trainSeconds: Spread;
  readonly totalSeconds: Spread;
  readonly peakBytes: number;
}

/** Two methods over the pairs that both have, by their means over seeds. */
export interface TestRow {
  readonly measure: 'accuracy' | 'macro_f1';
  readonly a: string;
  readonly b: string;
  /** Pairs on which both were scored. */
  readonly pairs: number;
  /** Mean of a − b. */
  readonly difference: number;
  /** Exact two-sided p of Wilcoxon's signed ranks; null where no pair differs. */
  readonly signedRankP: number | null;
  /** Nemenyi's p after Friedman's test over the pairs that all methods have; null where there is none. */
  readonly nemenyiP: number | null;
}

export interface BenchmarkTables {
  readonly pairs: readonly PairRow[];
  readonly methods: readonly MethodRow[];
  readonly tests: readonly TestRow[];
  /** Over the pairs that all compared methods have. */
  readonly ranks: Readonly<Record<'accuracy' | 'macro_f1', RankComparison>>;
}

const compared = ['accuracy', 'macro_f1'] as const;

/**
 * The tables of a benchmark. Seeds are summed up first (mean ± sd per pair), pairs afterwards, so that a pair counts once
 * however many seeds it has. Methods with a varied setting and ablations have rows and take no part in ranks and tests.
 */
export function benchmarkTables(scores: readonly BenchmarkScore[]): BenchmarkTables {
  const rows = pairRows(scores);
  const entrants = distinct(scores.filter(isCompared).map(({ method }) => method));
  const methods = distinct(scores.map(({ method }) => method)).map((method): MethodRow => {
    const own = rows.filter((row) => row.method === method);
    const meanRank = (by: (typeof compared)[number]): number | null =>
      spreadOf(own.flatMap(({ rank }) => (rank[by] === null ? [] : [rank[by]])))?.mean ?? null;
    return {
      method,
      pairs: own.length,
      measures: byMeasure((measure) =>
        spreadOf(own.flatMap((row) => (row.measures[measure] === null ? [] : [row.measures[measure].mean]))),
      ),
      meanRank: { accuracy: meanRank('accuracy'), macro_f1: meanRank('macro_f1') },
      trainSeconds: spreadOf(own.map(({ trainSeconds }) => trainSeconds.mean))!,
      totalSeconds: spreadOf(own.map(({ totalSeconds }) => totalSeconds.mean))!,
      peakBytes: Math.max(...own.map(({ peakBytes }) => peakBytes)),
    };
  });
  const ranks = { accuracy: ranksBy(rows, entrants, 'accuracy'), macro_f1: ranksBy(rows, entrants, 'macro_f1') };
  return { pairs: rows, methods, ranks, tests: compared.flatMap((by) => testRows(rows, entrants, by, ranks[by])) };
}

/** Whether a score is of a method as it is: not one of a varied setting, not an ablation. */
export function isCompared({ varied, ablates }: BenchmarkScore): boolean {
  return varied === null && ablates === null;
}

/** Mean and standard deviation; null for no numbers. */
export function spreadOf(values: readonly number[]): Spread | null {
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: count < 2 ? null : Math.sqrt(squares / (count - 1)), count };
}

/** The different values, in the order of their first coming. */
export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

function byMeasure(value: (measure: Measure) => Spread | null): Record<Measure, Spread | null> {
  return Object.fromEntries(measures.map((measure) => [measure, value(measure)])) as Record<Measure, Spread | null>;
}

function pairRows(scores: readonly BenchmarkScore[]): PairRow[] {
  const rows = distinct(scores.map(({ pair }) => pair)).flatMap((pair) => {
    const here = scores.filter((score) => score.pair === pair);
    const entrants = distinct(here.filter(isCompared).map(({ method }) => method));
    return distinct(here.map(({ method }) => method)).map((method) => {
      const own = here.filter((score) => score.method === method);
      const { study, representation } = own[0]!;
      return {
        ...{ pair, study, representation, method, seeds: own.length, entrants },
        measures: byMeasure((measure) =>
          spreadOf(own.flatMap((score) => (score.measures[measure] === null ? [] : [score.measures[measure]]))),
        ),
        trainSeconds: spreadOf(own.map(({ seconds }) => seconds.train))!,
        totalSeconds: spreadOf(own.map(({ seconds }) => seconds.total))!,
        peakBytes: Math.max(...own.map(({ peakBytes }) => peakBytes)),
      };
    });
  });
  return rows.map(({ entrants, ...row }) => {
    const rankBy = (by: Measure): number | null => {
      const ranked = rows.filter(
        (other) => other.pair === row.pair && entrants.includes(other.method) && other.measures[by] !== null,
      );
      const place = ranked.findIndex(({ method }) => method === row.method);
      return place === -1 ? null : meanRanks(ranked.map((other) => -other.measures[by]!.mean))[place]!;
    };
    return { ...row, rank: { accuracy: rankBy('accuracy'), macro_f1: rankBy('macro_f1') } };
  });
}

function meanOf(rows: readonly PairRow[], pair: string, method: string, by: Measure): number | null {
  return rows.find((row) => row.pair === pair && row.method === method)?.measures[by]?.mean ?? null;
}

/** Friedman and Nemenyi over the pairs on which every method was scored. */
function ranksBy(rows: readonly PairRow[], methods: readonly string[], by: Measure): RankComparison {
  const blocks = distinct(rows.map(({ pair }) => pair))
    .map((pair) => methods.map((method) => meanOf(rows, pair, method, by)))
    .filter((block): block is number[] => block.every((mean) => mean !== null));
  return compareByRanks(blocks);
}

function testRows(
  rows: readonly PairRow[],
  methods: readonly string[],
  measure: (typeof compared)[number],
  { nemenyi }: RankComparison,
): TestRow[] {
  const pairs = distinct(rows.map(({ pair }) => pair));
  return methods.flatMap((a, i) =>
    methods.slice(i + 1).map((b, j): TestRow => {
      const differences = pairs.flatMap((pair) => {
        const [left, right] = [meanOf(rows, pair, a, measure), meanOf(rows, pair, b, measure)];
        return left === null || right === null ? [] : [left - right];
      });
      return {
        ...{ measure, a, b, pairs: differences.length },
        difference: spreadOf(differences)?.mean ?? 0,
        signedRankP: signedRankTest(differences).p,
        nemenyiP: nemenyi[i * methods.length + i + 1 + j] ?? null,
      };
    }),
  );
}
