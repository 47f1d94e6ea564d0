import { type CsrMatrix, rowSums, withValues } from '../data/csr-matrix.ts';

/** Whole counts below this are looked up within a cell: most values of a cell are one of a few. */
const REMEMBERED = 64;

/**
 * Counts brought to the same depth per cell and put on a log scale:
 *
 *     ln(1 + total · x_ij / Σ_j x_ij)
 *
 * so that Σ_j (e^y_ij − 1) is `total` for every cell. A cell without counts stays empty.
 *
 * @param matrix [cells, features], values ≥ 0
 * @param total counts per cell after scaling
 */
export function lognorm(matrix: CsrMatrix, total = 1e4): CsrMatrix {
  const sums = rowSums(matrix);
  const values = new Float32Array(matrix.values.length);
  const level = new Float32Array(REMEMBERED);
  const levelOf = new Int32Array(REMEMBERED).fill(-1); // the row for which it was computed
  for (let row = 0; row < matrix.rows; row++) {
    const sum = sums[row]!;
    if (sum <= 0) continue;
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
      const value = matrix.values[p]!;
      const whole = value | 0;
      if (whole !== value || whole < 0 || whole >= REMEMBERED) {
        values[p] = Math.log1p((total * value) / sum);
        continue;
      }
      if (levelOf[whole] !== row) {
        level[whole] = Math.log1p((total * whole) / sum);
        levelOf[whole] = row;
      }
      values[p] = level[whole]!;
    }
  }
  return withValues(matrix, values);
}
