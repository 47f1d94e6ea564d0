import { type BenchmarkScore, type Measure, measureTitles } from '../assess/benchmark-score.ts';
import { distinct, spreadOf } from '../assess/benchmark-tables.ts';
import type { Axis } from './figure-data.ts';

/** An axis for a measure, all of which are shares or go up to 1. */
export function measureAxis(measure: Measure): Axis {
  return { title: measureTitles[measure], unit: null, format: 'number' };
}

/** The part of a file name that a text makes. */
export function slug(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.join('-');
}

interface Bar {
  readonly mean: number;
  readonly sd: number | null;
}

/** Values of a series of bars with "0.934 ± 0.012" at their ends. */
export function barValues(bars: readonly (Bar | null)[], digits = 3) {
  return {
    values: bars.map((bar) => bar?.mean ?? null),
    spreads: bars.map((bar) => bar?.sd ?? null),
    texts: bars.map((bar) => {
      if (bar === null) return '';
      const mean = bar.mean.toFixed(digits);
      return bar.sd === null ? mean : `${mean} ± ${bar.sd.toFixed(digits)}`;
    }),
  };
}

/** Mean and spread of a measure over the scores that have it. */
export function meanOf(scores: readonly BenchmarkScore[], measure: Measure): Bar | null {
  return spreadOf(scores.flatMap((score) => (score.measures[measure] === null ? [] : [score.measures[measure]])));
}

/** Mean over pairs of the means over seeds. */
export function meanOverPairs(scores: readonly BenchmarkScore[], measure: Measure): Bar | null {
  return spreadOf(
    distinct(scores.map(({ pair }) => pair)).flatMap((pair) => {
      const mean = meanOf(
        scores.filter((score) => score.pair === pair),
        measure,
      );
      return mean === null ? [] : [mean.mean];
    }),
  );
}
