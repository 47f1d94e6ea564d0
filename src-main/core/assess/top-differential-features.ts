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
  const { columns } = values;
  const cells = new Float64Array(labels);
  const sums = new Float64Array(labels * columns);
  const squares = new Float64Array(labels * columns);
  for (let row = 0; row < values.rows; row++) {
    const own = label[row]!;
    if (own < 0) continue;
    cells[own]!++;
    for (let p = values.indptr[row]!; p < values.indptr[row + 1]!; p++) {
      const place = own * columns + values.indices[p]!;
      const value = values.values[p]!;
      sums[place]! += value;
      squares[place]! += value * value;
    }
  }
  const total = cells.reduce((a, b) => a + b, 0);
  const allSums = sumOverLabels(sums, labels, columns);
  const allSquares = sumOverLabels(squares, labels, columns);
  return Array.from({ length: labels }, (_, own) => {
    const inside = cells[own]!;
    const outside = total - inside;
    if (inside < 2 || outside < 2) return [];
    const t = new Float64Array(columns);
    for (let feature = 0; feature < columns; feature++) {
      const sum = sums[own * columns + feature]!;
      const square = squares[own * columns + feature]!;
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
