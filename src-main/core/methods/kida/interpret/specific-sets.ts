import { adjusted, type Sample, welch } from './welch.ts';

/** A column in which one group of cells differs from all others. */
export interface SpecificSet {
  readonly set: number;
  readonly t: number;
  readonly adjustedP: number;
  readonly attention: number;
  readonly elsewhere: number;
}

/** Which differences count: towards more attention only, or either way. */
export type SetRanking = 'more' | 'either';

/**
 * Per label the columns in which its cells differ most from all others, by Welch's t: at most `top`, the largest |t| first (`either`),
 * or those with t > 0 (`more`); equal ones in column order. A label with fewer than two cells, or with all of them, has none.
 *
 * Source: KIDA (Commun Biol 2024), cell-type patterns: attention taken for an expression matrix, top 10 of `more`. What a network
 * learns from is as often attended to less where it marks a label: the sign of a query is arbitrary. So `either` is our default.
 *
 * @param attention [cells, sets] row by row  @param label [cells] number of each cell's label
 */
export function specificSets(
  attention: Float32Array,
  sets: number,
  label: Int32Array,
  labels: number,
  top = 10,
  ranking: SetRanking = 'either',
): readonly (readonly SpecificSet[])[] {
  const cells = new Float64Array(labels);
  for (const k of label) cells[k]!++;
  const mean = new Float64Array(sets);
  for (let i = 0; i < attention.length; i++) mean[i % sets]! += attention[i]! / label.length;
  // sums of distances from the mean of all, so that squares keep their digits
  const sums = new Float64Array(labels * sets);
  const squares = new Float64Array(labels * sets);
  label.forEach((k, cell) => {
    for (let j = 0; j < sets; j++) {
      const x = attention[cell * sets + j]! - mean[j]!;
      sums[k * sets + j]! += x;
      squares[k * sets + j]! += x * x;
    }
  });
  const over = (values: Float64Array, j: number): number => {
    let sum = 0;
    for (let k = 0; k < labels; k++) sum += values[k * sets + j]!;
    return sum;
  };
  return Array.from({ length: labels }, (_, k) => {
    const others = label.length - cells[k]!;
    if (cells[k]! < 2 || others < 2) return [];
    const found = Array.from({ length: sets }, (_, j) => {
      const [sum, square] = [sums[k * sets + j]!, squares[k * sets + j]!];
      const here = sampleOf(cells[k]!, sum, square);
      const there = sampleOf(others, over(sums, j) - sum, over(squares, j) - square);
      return { j, ...welch(here, there), here, there };
    });
    const p = adjusted(Float64Array.from(found, (one) => one.p));
    return found
      .filter(({ t }) => (ranking === 'more' ? t > 0 : t !== 0))
      .sort((a, b) => Math.abs(b.t) - Math.abs(a.t) || a.j - b.j)
      .slice(0, top)
      .map(({ j, t, here, there }) => ({
        set: j,
        t,
        adjustedP: p[j]!,
        attention: here.mean + mean[j]!,
        elsewhere: there.mean + mean[j]!,
      }));
  });
}

function sampleOf(cells: number, sum: number, square: number): Sample {
  const mean = sum / cells;
  return { cells, mean, variance: Math.max(0, square - sum * mean) / (cells - 1) };
}
