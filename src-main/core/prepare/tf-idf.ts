import { type CsrMatrix, rowSums, withValues } from '../data/csr-matrix.ts';

/**
 * Counts weighted by how rare a feature is (term frequency × inverse document frequency):
 *
 *     ln(1 + 10⁴ · (x_ij / Σ_j x_ij) · (N / Σ_i x_ij)),   N the number of cells
 *
 * The usual first step for open chromatin (Stuart et al. 2021, Signac, doi:10.1038/s41592-021-01282-5, method 1).
 * Empty cells and features stay empty.
 *
 * @param matrix [cells, features], values ≥ 0
 */
export function tfIdf(matrix: CsrMatrix): CsrMatrix {
  const cellSums = rowSums(matrix);
  const featureSums = new Float64Array(matrix.columns);
  for (let p = 0; p < matrix.values.length; p++) featureSums[matrix.indices[p]!]! += matrix.values[p]!;
  const values = new Float32Array(matrix.values.length);
  for (let row = 0; row < matrix.rows; row++) {
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
      const x = matrix.values[p]!;
      if (x <= 0) continue;
      values[p] = Math.log1p((1e4 * x * matrix.rows) / (cellSums[row]! * featureSums[matrix.indices[p]!]!));
    }
  }
  return withValues(matrix, values);
}
