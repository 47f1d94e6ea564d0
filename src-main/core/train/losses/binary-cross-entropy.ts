import * as tf from '@tensorflow/tfjs-core';

/**
 * How surprised a yes-or-no classifier is: mean of softplus(u) − d·u, which is −log σ(u) for d = 1 and −log(1 − σ(u)) for d = 0,
 * without overflow.
 *
 * @param logits u [n]  @param labels d [n], 0 or 1
 */
export function binaryCrossEntropy(logits: tf.Tensor1D, labels: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => tf.mean(tf.sub(tf.softplus(logits), tf.mul(logits, labels))));
}
