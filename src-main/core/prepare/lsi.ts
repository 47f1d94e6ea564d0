import { takeColumns } from '../data/csr-matrix.ts';
import { isInMemory, type SparseRows } from '../data/sparse-rows.ts';
import type { ReductionOptions } from './pca.ts';
import { randomisedSvd } from './randomised-svd.ts';
import { streamedSvd } from './streamed-svd.ts';
import { tfIdf } from './tf-idf.ts';

/**
 * Latent semantic indexing of open chromatin: TF-IDF, truncated SVD without centring, and components 2 … `last`.
 * Component 1 follows the number of fragments of a cell and is left out.
 *
 * @param matrix [cells, peaks] counts or 0/1
 * @param last the last component taken, counted from 1; lowered to the smaller side of the matrix
 * @param order all columns in an order of their own, so that the result does not depend on how a file orders them
 * @returns scores [cells, width] row by row, width = last − 1
 */
export async function lsi(
  matrix: SparseRows,
  last: number,
  options: ReductionOptions,
  order?: Uint32Array,
): Promise<{ width: number; scores: Float32Array }> {
  // stored rows are not put in order anew each time they are read; what is drawn for each column follows the order instead
  const ordered = isInMemory(matrix) && order !== undefined ? takeColumns(matrix, order) : matrix;
  const level = await tfIdf(ordered, options.signal);
  const { rank, scores } = isInMemory(level)
    ? await randomisedSvd(level, last, options)
    : await streamedSvd(level, last, options, order);
  const width = Math.max(rank - 1, 0);
  const kept = new Float32Array(matrix.rows * width);
  for (let row = 0; row < matrix.rows; row++) {
    kept.set(scores.subarray(row * rank + 1, (row + 1) * rank), row * width);
  }
  return { width, scores: kept };
}
