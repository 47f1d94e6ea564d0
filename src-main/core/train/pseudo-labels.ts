import * as tf from '@tensorflow/tfjs-core';
import { tidied } from './tidied.ts';

export interface PseudoLabels {
  /** [n, K], 1 at the most probable label of each row */
  readonly labels: tf.Tensor2D;
  /** [n] 1 for rows that are confident enough, else 0 */
  readonly takesPart: tf.Tensor1D;
  /** The confidence from which a row takes part. */
  readonly threshold: tf.Scalar;
}

/**
 * The predicted label of each row and whether it is trusted: rows whose largest probability reaches the
 * ⌊quantile·n⌋-th smallest of the batch (counted from 1; equals included). Quantile 0 trusts every row. Carries no gradient.
 *
 * Source: CellPredX, released code (quantile 0.75, which keeps 129 of 512); the paper names no selection.
 *
 * @param logits [n, K]  @param quantile 0 … below 1
 */
export function choosePseudoLabels(logits: tf.Tensor2D, quantile: number): PseudoLabels {
  return tidied(() => {
    const [n, K] = logits.shape;
    const confidence: tf.Tensor1D = tf.max(tf.softmax(logits), 1);
    const rank = Math.floor(n * quantile);
    const { values } = tf.topk(confidence, rank === 0 ? n : n - rank + 1);
    const threshold = tf.reshape(tf.slice(values, [values.size - 1], [1]), []) as tf.Scalar;
    const label = tf.expandDims(tf.argMax(logits, 1), 1); // [n, 1]
    return {
      labels: tf.cast(tf.equal(label, tf.range(0, K, 1, 'int32')), 'float32') as tf.Tensor2D,
      takesPart: tf.cast(tf.greaterEqual(confidence, threshold), 'float32') as tf.Tensor1D,
      threshold,
    };
  });
}
