import type { CsrMatrix } from '../data/csr-matrix.ts';

/**
 * Per label the `top` features whose values are highest in its cells against all other cells with a label, by Welch's
 *
 *     t = (m₁ − m₀) / √(s₁²/n₁ + s₀²/n₀)
 *
 * with unbiased variances; only features with t > 0, largest first, equal t in feature order. A label with fewer than two
 * cells inside or outside gets an empty list. Source: Welch 1947 (doi:10.1093/biomet/34.1-2.28).
 *
 * @param values [cells, features] log-normalised
 * @param label [cells] number of the label, −1 for none
 * @param labels number of labels
 * @returns [labels] feature numbers
 */
export function topDifferentialFeatures(
  values: CsrMatrix,
  label: ArrayLike<number>,
  labels: number,
  top = 20,
): number[][] {
  const tally = new DifferentialTally(labels, values.columns);
  tally.add(values, label);
  return tally.top(top);
}

/** The sums behind `topDifferentialFeatures`, for rows that come in blocks. */
export class DifferentialTally {
  readonly #columns: number;
  readonly #cells: Float64Array;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;

  constructor(labels: number, features: number) {
    this.#columns = features;
    this.#cells = new Float64Array(labels);
    this.#sums = new Float64Array(labels * features);
    this.#squares = new Float64Array(labels * features);
  }

  /** Takes in some cells. @param values [cells, features] @param label of cell i at `from` + i, −1 for none */
  add(values: CsrMatrix, label: ArrayLike<number>, from = 0): void {
    for (let row = 0; row < values.rows; row++) {
      const own = label[from + row]!;
      if (own < 0) continue;
      this.#cells[own]!++;
      for (let p = values.indptr[row]!; p < values.indptr[row + 1]!; p++) {
        const place = own * this.#columns + values.indices[p]!;
        const value = values.values[p]!;
        this.#sums[place]! += value;
        this.#squares[place]! += value * value;
      }
    }
  }

  /** [labels] feature numbers, at most `top` each. */
  top(top: number): number[][] {
    const labels = this.#cells.length;
    const total = this.#cells.reduce((a, b) => a + b, 0);
    const allSums = sumOverLabels(this.#sums, labels, this.#columns);
    const allSquares = sumOverLabels(this.#squares, labels, this.#columns);
    return Array.from({ length: labels }, (_, own) => {
      const inside = this.#cells[own]!;
      const outside = total - inside;
      if (inside < 2 || outside < 2) return [];
      const t = new Float64Array(this.#columns);
      for (let feature = 0; feature < this.#columns; feature++) {
        const sum = this.#sums[own * this.#columns + feature]!;
        const square = this.#squares[own * this.#columns + feature]!;
        t[feature] = welch(
          moments(inside, sum, square),
          moments(outside, allSums[feature]! - sum, allSquares[feature]! - square),
        );
      }
      return Array.from(t.keys())
        .filter((feature) => t[feature]! > 0)
        .sort((a, b) => t[b]! - t[a]! || a - b)
        .slice(0, top);
    });
  }
}

interface Moments {
  readonly mean: number;
  /** Variance of the mean: s²/n. */
  readonly error: number;
}

function moments(n: number, sum: number, square: number): Moments {
  const mean = sum / n;
  // Rounding can leave a tiny negative number where all values are equal.
  return { mean, error: Math.max(0, (square - sum * mean) / (n - 1)) / n };
}

function welch(inside: Moments, outside: Moments): number {
  const error = inside.error + outside.error;
  const difference = inside.mean - outside.mean;
  if (error === 0) return difference > 0 ? Infinity : 0;
  return difference / Math.sqrt(error);
}

function sumOverLabels(table: Float64Array, labels: number, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let place = 0; place < labels * columns; place++) sums[place % columns]! += table[place]!;
  return sums;
}
