import * as tf from '@tensorflow/tfjs-core';

/**
 * How surprised the classifier is by the known labels: −(1/n) Σ_i log softmax(logits_i)_{y_i}.
 * The row maximum is subtracted before exponentials, so large logits do not overflow.
 *
 * Source: CellPredX (PLoS Comput Biol 2026) Eq. 2.
 *
 * @param logits [n, K]  @param labels [n, K], 1 at the label of each row and 0 elsewhere
 */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => tf.div(tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(logits)))), logits.shape[0]));
}

/** 1 at the label of each row and 0 elsewhere: [n, K]. @param labels [n], each 0 … K−1 */
export function oneHotRows(labels: ArrayLike<number>, K: number): tf.Tensor2D {
  const values = new Float32Array(labels.length * K);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!(label >= 0 && label < K)) throw new RangeError(`oneHotRows: label ${label} of ${K}`);
    values[i * K + label] = 1;
  }
  return tf.tensor2d(values, [labels.length, K]);
}
