import * as tf from '@tensorflow/tfjs-core';

/**
 * Pulls weights to zero: Σ over the given tensors of their mean |θ|.
 *
 * Source: CellPredX, released code (weight 0.1, over every tensor of encoder, attention and classifier); not in the paper.
 */
export function l1(tensors: readonly tf.Tensor[]): tf.Scalar {
  return tf.tidy(() => tf.addN(tensors.map((theta) => tf.mean(tf.abs(theta)) as tf.Scalar)));
}

/** Derivative of `l1` with respect to one of its tensors: sign(θ)/size, 0 at 0. */
export function l1Gradient<T extends tf.Tensor>(theta: T): T {
  return tf.tidy(() => tf.div(tf.sign(theta), theta.size));
}
