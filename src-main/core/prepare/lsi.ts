import type { CsrMatrix } from '../data/csr-matrix.ts';
import type { ReductionOptions } from './pca.ts';
import { randomisedSvd } from './randomised-svd.ts';
import { tfIdf } from './tf-idf.ts';

/**
 * Latent semantic indexing of open chromatin: TF-IDF, truncated SVD without centring, and components 2 … `last`.
 * Component 1 follows the number of fragments of a cell and is left out.
 *
 * @param matrix [cells, peaks] counts or 0/1
 * @param last the last component taken, counted from 1; lowered to the smaller side of the matrix
 * @returns scores [cells, width] row by row, width = last − 1
 */
export async function lsi(
  matrix: CsrMatrix,
  last: number,
  options: ReductionOptions,
): Promise<{ width: number; scores: Float64Array }> {
  const { rank, scores } = await randomisedSvd(tfIdf(matrix), last, options);
  const width = Math.max(rank - 1, 0);
  const kept = new Float64Array(matrix.rows * width);
  for (let row = 0; row < matrix.rows; row++) {
    kept.set(scores.subarray(row * rank + 1, (row + 1) * rank), row * width);
  }
  return { width, scores: kept };
}
