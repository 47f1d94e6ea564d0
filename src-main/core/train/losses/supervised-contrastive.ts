import * as tf from '@tensorflow/tfjs-core';
import { matMulFast, unitLength } from '../mat-mul-fast.ts';
import { LOWEST_TEMPERATURE } from './contrastive.ts';

export interface SupervisedContrastiveOptions {
  /** τ ≥ 0.03 */
  readonly temperature: number;
  /** Sum over the anchors, as the paper of CDA-SC prints it, or their mean, which does not grow with the batch. */
  readonly reduction: 'mean' | 'sum';
}

/**
 * Draws cells of one label together and away from all others. With u the unit-length rows, P(i) the other cells of the label
 * of i, and A(i) all other cells that take part:
 *
 *     ℓ_i = −(1/|P(i)|) Σ_{p∈P(i)} log( exp(u_i·u_p/τ) / Σ_{a∈A(i)} exp(u_i·u_a/τ) )
 *
 * summed or averaged over the cells that take part and are not alone with their label; 0 where there is none. A cell
 * without a label takes no part at all. 1/τ, the largest exponent, is subtracted before exponentials.
 *
 * Source: Khosla et al. 2020 (arXiv:2004.11362) Eq. 2. CDA-SC lets A(i) be "all indices"; the anchor itself is left out here,
 * because with it the loss could never reach its minimum.
 *
 * @param z [n, m]  @param labels [n, K], 1 at the label of each row, a row of zeros for a cell without one
 */
export function supervisedContrastive(
  z: tf.Tensor2D,
  labels: tf.Tensor2D,
  { temperature, reduction }: SupervisedContrastiveOptions,
): tf.Scalar {
  if (!(temperature >= LOWEST_TEMPERATURE)) {
    throw new RangeError(`supervisedContrastive: temperature ${temperature}, lowest is ${LOWEST_TEMPERATURE}`);
  }
  return tf.tidy(() => {
    const n = z.shape[0];
    const unit = unitLength(z);
    const similarity = tf.sub(tf.div(matMulFast(unit, unit, { transposeB: true }), temperature), 1 / temperature); // [n, n], ≤ 0
    const { others, positives, positiveCount, anchor } = sets(labels, n);
    const sums = tf.sum(tf.mul(tf.exp(similarity), others), 1); // [n]
    const logSum = tf.log(tf.add(sums, tf.sub(1, anchor))); // a row that is no anchor may have nobody beside it
    const pull = tf.div(tf.sum(tf.mul(similarity, positives), 1), positiveCount);
    const total = tf.sum(tf.mul(tf.sub(logSum, pull), anchor));
    return (reduction === 'sum' ? total : tf.div(total, tf.maximum(tf.sum(anchor), 1))) as tf.Scalar;
  });
}

/** Who is compared with whom; constants of the loss. */
function sets(
  labels: tf.Tensor2D,
  n: number,
): {
  /** [n, n] 1 where column a is in A(i) */
  others: tf.Tensor2D;
  /** [n, n] 1 where column p is in P(i) */
  positives: tf.Tensor2D;
  /** [n] |P(i)|, 1 where that is 0 */
  positiveCount: tf.Tensor1D;
  /** [n] 1 for rows with a P(i), else 0 */
  anchor: tf.Tensor1D;
} {
  const notItself = tf.sub(1, tf.diag(tf.ones([n])));
  const positives: tf.Tensor2D = tf.mul(matMulFast(labels, labels, { transposeB: true }), notItself);
  const count = tf.sum(positives, 1);
  const takesPart = tf.sum(labels, 1, true); // [n, 1]
  return {
    others: tf.mul(notItself, tf.reshape(takesPart, [1, n])),
    positives,
    positiveCount: tf.maximum(count, 1) as tf.Tensor1D,
    anchor: tf.cast(tf.greater(count, 0), 'float32') as tf.Tensor1D,
  };
}
