import * as tf from '@tensorflow/tfjs-core';

/**
 * How much each token takes part in the embedding of a cell (attention rollout): per block the mean of the heads plus the
 * identity, rows brought to sum 1; the blocks multiplied, the newest on the left; the row of the class token without its own column.
 *
 * Source: Abnar & Zuidema 2020 (arXiv:2005.00928), as KIDA and TOSICA use it. Of the last block the row of the class token is all
 * that enters, so no more is needed of it.
 *
 * @param attention per block [n, heads, rows, J + 1], of the last block with one row
 * @returns [n, J]
 */
export function rollout(attention: readonly tf.Tensor4D[]): tf.Tensor2D {
  return tf.tidy(() => {
    let path: tf.Tensor3D | null = null; // [n, 1, T], from the last block back to the first
    for (const weights of [...attention].reverse()) {
      const [, , rows, T] = weights.shape;
      const own = tf.slice(tf.diag(tf.ones([T])), [0, 0], [rows, T]);
      const mixed: tf.Tensor3D = tf.add(tf.mean(weights, 1), own);
      const step: tf.Tensor3D = tf.div(mixed, tf.sum(mixed, 2, true));
      path = path === null ? step : tf.matMul(path, step);
    }
    const [n, , T] = path!.shape;
    return tf.reshape(tf.slice(path!, [0, 0, 1], [n, 1, T - 1]), [n, T - 1]);
  });
}
