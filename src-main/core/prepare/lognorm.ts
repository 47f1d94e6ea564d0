import { type CsrMatrix, rowSums, withValues } from '../data/csr-matrix.ts';

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
  for (let row = 0; row < matrix.rows; row++) {
    const sum = sums[row]!;
    if (sum <= 0) continue;
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
      values[p] = Math.log1p((total * matrix.values[p]!) / sum);
    }
  }
  return withValues(matrix, values);
}
