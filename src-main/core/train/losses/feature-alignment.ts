import * as tf from '@tensorflow/tfjs-core';
import { matMulFast, unitLength } from '../mat-mul-fast.ts';

/** Which query rows are aligned with which reference rows; constants of the loss. */
export interface AlignmentChoice {
  /** [t] query rows, the best matching first; int32 */
  readonly kept: tf.Tensor1D;
  /** [t] the reference row most similar to each kept query row; int32 */
  readonly matched: tf.Tensor1D;
  /** [n] highest cosine of each query row with any reference row */
  readonly best: tf.Tensor1D;
}

/**
 * For each query row the reference row of highest cosine, and of the query rows the ⌊share·n⌋ (at least one) that match best.
 * Carries no gradient.
 * @param reference [n′, m]  @param query [n, m]
 */
export function chooseAlignment(reference: tf.Tensor2D, query: tf.Tensor2D, share: number): AlignmentChoice {
  return tf.tidy(() => {
    const cosine = matMulFast(unitLength(query), unitLength(reference), { transposeB: true }); // [n, n′]
    const best: tf.Tensor1D = tf.max(cosine, 1);
    const nearest: tf.Tensor1D = tf.argMax(cosine, 1);
    const { indices } = tf.topk(best, alignedCount(query.shape[0], share));
    const kept = indices as tf.Tensor1D;
    return { kept, matched: tf.gather(nearest, kept), best };
  });
}

/** How many of n query rows are aligned. */
export function alignedCount(n: number, share: number): number {
  return Math.max(1, Math.floor(n * share));
}

/**
 * Pulls well matching query cells to their most similar reference cell, and with `negatives` pushes that reference cell
 * from random query cells. With unit-length rows â, b̂ and t over the kept pairs (i_t, b_t):
 *
 *     L = −(1/T) Σ_t â_{i_t}·b̂_{b_t}  [ + (1/T) Σ_t relu(â_{i_t}·b̂_{q_t} + margin) ]
 *
 * Differentiable with respect to both embeddings; orthogonal to each row, because only directions count.
 *
 * Source: CellPredX (PLoS Comput Biol 2026) Eq. 5, after scJoint. The hinge over random pairs q_t is in the
 * released code only; it ignores labels and keeps the embedding from collapsing at large weights.
 *
 * @param negatives the margin and [T] query rows q_t (int32), drawn by the caller; null leaves the hinge out
 */
export function featureAlignment(
  reference: tf.Tensor2D,
  query: tf.Tensor2D,
  choice: Pick<AlignmentChoice, 'kept' | 'matched'>,
  negatives: { readonly rows: tf.Tensor1D; readonly margin: number } | null,
): tf.Scalar {
  return tf.tidy(() => {
    const unitQuery = unitLength(query);
    const matched = tf.gather(unitLength(reference), choice.matched); // [T, m]
    const pull = tf.neg(tf.mean(tf.sum(tf.mul(matched, tf.gather(unitQuery, choice.kept)), 1)));
    if (negatives === null) return pull as tf.Scalar;
    const push = tf.relu(tf.add(tf.sum(tf.mul(matched, tf.gather(unitQuery, negatives.rows)), 1), negatives.margin));
    return tf.add(pull, tf.mean(push)) as tf.Scalar;
  });
}
