import type { CancelSignal } from '../base/cancel.ts';
import { type CsrMatrix, rowSums, storedValues, withValues } from '../data/csr-matrix.ts';
import { blocksOf, mapRows, type SparseRows } from '../data/sparse-rows.ts';

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
export async function tfIdf(matrix: SparseRows, signal?: CancelSignal): Promise<SparseRows> {
  const cells = matrix.rows;
  const featureSums = new Float64Array(matrix.columns);
  for await (const { matrix: block } of blocksOf(matrix, signal)) {
    const stored = storedValues(block);
    for (let p = 0; p < stored; p++) featureSums[block.indices[p]!]! += block.values[p]!;
  }
  return mapRows(matrix, matrix.columns, (block) => weighted(block, featureSums, cells));
}

function weighted(matrix: CsrMatrix, featureSums: Float64Array, cells: number): CsrMatrix {
  const cellSums = rowSums(matrix);
  const values = new Float32Array(matrix.values.length);
  for (let row = 0; row < matrix.rows; row++) {
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
      const x = matrix.values[p]!;
      if (x <= 0) continue;
      values[p] = Math.log1p((1e4 * x * cells) / (cellSums[row]! * featureSums[matrix.indices[p]!]!));
    }
  }
  return withValues(matrix, values);
}
