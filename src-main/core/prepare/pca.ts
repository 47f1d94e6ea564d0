import type { CancelSignal } from '../base/cancel.ts';
import type { SparseProducts } from '../data/sparse-products.ts';
import { isInMemory, type SparseRows } from '../data/sparse-rows.ts';
import { featureMoments } from './feature-moments.ts';
import { randomisedSvd, type Svd } from './randomised-svd.ts';
import type { ShiftedMatrix } from './scale.ts';
import { streamedSvd } from './streamed-svd.ts';

export interface ReductionOptions {
  readonly seed: number;
  readonly signal?: CancelSignal;
  /** Waited for now and then, so that a wish to cancel can be heard. */
  readonly pause?: (() => void | Promise<void>) | undefined;
  /** Multiplies faster than plain code; see `randomisedSvd`. */
  readonly products?: SparseProducts | undefined;
}

/**
 * Principal components of the cells: scores [cells, components] of the matrix with every feature centred.
 * The centring is implicit, so the matrix stays sparse; a `ShiftedMatrix` (see `scale`) is taken as it stands, since
 * a shift per feature goes away with centring. Not divided by the standard deviation.
 *
 * @param matrix [cells, features]
 * @param components lowered to the smaller side of the matrix
 */
export async function pca(
  matrix: SparseRows | ShiftedMatrix,
  components: number,
  options: ReductionOptions,
): Promise<Svd> {
  const sparse = 'sparse' in matrix ? matrix.sparse : matrix;
  const centred = { ...options, centre: (await featureMoments(sparse, options.signal)).mean };
  return isInMemory(sparse) ? randomisedSvd(sparse, components, centred) : streamedSvd(sparse, components, centred);
}
