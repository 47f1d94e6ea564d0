import { collectRows } from '../data/collect-rows.ts';
import type { CsrMatrix } from '../data/csr-matrix.ts';
import { blocksOf, type SparseRows } from '../data/sparse-rows.ts';
import type { LongWork } from './gene-activity.ts';
import { RowSums } from './row-sums.ts';

export interface ProductOptions extends LongWork {
  /** What each row of the product is brought to add up to; rows without a value stay empty. Without it they are as they come. */
  readonly scaleTo?: number | undefined;
  /** Values of the matrix above it count as it. Default: no limit. */
  readonly ceiling?: number | undefined;
}

/** Rows read at once before they are handed on. */
const rowsPerPiece = 1024;

/**
 * The product of sparse rows and a sparse matrix of weights, row by row: Y = X · W. Sums are float64.
 *
 * @param matrix X [cells, features]
 * @param weights W [features, places]
 * @returns Y [cells, places], in memory or in the store, and the sum of each column of X: [features]
 */
export async function productOfRows(
  matrix: SparseRows,
  weights: CsrMatrix,
  { scaleTo, ceiling = Infinity, store, signal }: ProductOptions = {},
): Promise<{ product: SparseRows; columnSums: Float64Array }> {
  if (matrix.columns !== weights.rows) {
    throw new RangeError(`productOfRows: ${matrix.columns} columns and ${weights.rows} rows`);
  }
  const columnSums = new Float64Array(matrix.columns);
  async function* pieces(): AsyncGenerator<CsrMatrix, void, void> {
    const sums = new RowSums(weights.columns);
    for await (const { matrix: block } of blocksOf(matrix, signal)) {
      for (let row = 0; row < block.rows; row++) {
        for (let p = block.indptr[row]!; p < block.indptr[row + 1]!; p++) {
          const j = block.indices[p]!;
          columnSums[j]! += block.values[p]!;
          const value = Math.min(ceiling, block.values[p]!);
          for (let q = weights.indptr[j]!; q < weights.indptr[j + 1]!; q++) {
            sums.add(weights.indices[q]!, value * weights.values[q]!);
          }
        }
        sums.endRow(scaleTo);
        if ((row + 1) % rowsPerPiece === 0) yield sums.take();
      }
      yield sums.take();
    }
  }
  const shape = { rows: matrix.rows, columns: weights.columns, stored: null };
  return { product: await collectRows(pieces(), shape, store, signal), columnSums };
}
