import type { CancelSignal } from '../base/cancel.ts';
import { type CsrMatrix, withValues } from '../data/csr-matrix.ts';
import { mapRows, type SparseRows } from '../data/sparse-rows.ts';
import { featureMoments } from './feature-moments.ts';

/**
 * A matrix in which a whole column is shifted by one number: `sparse` + 1·`shift`ᵀ.
 * It stands for a dense [cells, features] array that is never made.
 */
export interface ShiftedMatrix<Rows extends SparseRows = SparseRows> {
  /** [cells, features] */
  readonly sparse: Rows;
  /** [features] */
  readonly shift: Float64Array;
}

/**
 * Every feature brought to mean 0 and standard deviation 1 over the cells, then cut off at ±`clip`:
 *
 *     min(max((x − mean) / sd, −clip), clip),   sd unbiased, an sd of 0 counts as 1
 *
 * The result is dense by nature. It is given as a sparse matrix plus one number per feature:
 * a value that was not stored becomes shift_j = clip(−mean_j / sd_j), and a stored one keeps its distance from
 * that shift. Sum both to get the exact scaled value, cut-offs included.
 *
 * @param matrix [cells, features], usually log-normalised
 * @param clip ≥ 0; 10 for CellPredX, 6 for KIDA
 */
export async function scale(matrix: SparseRows, clip: number, signal?: CancelSignal): Promise<ShiftedMatrix> {
  const { mean, variance } = await featureMoments(matrix, signal);
  const cut = (z: number): number => Math.min(Math.max(z, -clip), clip);
  const sd = variance.map((v) => (v > 0 ? Math.sqrt(v) : 1));
  const shift = mean.map((m, j) => cut(-m / sd[j]!));
  const sparse = mapRows(matrix, matrix.columns, (block) => {
    const values = new Float32Array(block.values.length);
    for (let p = 0; p < values.length; p++) {
      const j = block.indices[p]!;
      values[p] = cut((block.values[p]! - mean[j]!) / sd[j]!) - shift[j]!;
    }
    return withValues(block, values);
  });
  return { sparse, shift };
}

/** One row of a shifted matrix, written out: [features]. */
export function shiftedRow(matrix: ShiftedMatrix<CsrMatrix>, row: number): Float64Array {
  const dense = matrix.shift.slice();
  const { indptr, indices, values } = matrix.sparse;
  for (let p = indptr[row]!; p < indptr[row + 1]!; p++) dense[indices[p]!]! += values[p]!;
  return dense;
}
