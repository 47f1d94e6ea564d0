import * as tf from '@tensorflow/tfjs-core';
import { matMulFast } from '../../train/mat-mul-fast.ts';

/**
 * Predicted labels of the cells that are sure: rows with 1 at the most probable label (the first of equals) for a cell whose
 * probability reaches the threshold, rows of zeros for all others: [n, K]. Of each label at most ⌈n/K⌉ cells, the surest
 * first (of equally sure ones the earlier), so that a frequent label does not fill the contrastive term by itself.
 *
 * Source: CDA-SC adds target cells above a confidence threshold, "balanced"; it gives neither the threshold nor the measure.
 *
 * @param probabilities [n, K]  @param threshold 0…1
 */
export function surePredictions(probabilities: tf.Tensor2D, threshold: number): tf.Tensor2D {
  return tf.tidy(() => {
    const [n, K] = probabilities.shape;
    const confidence = tf.max(probabilities, 1, true); // [n, 1]
    const label = tf.expandDims(tf.argMax(probabilities, 1), 1); // [n, 1]
    const labels: tf.Tensor2D = tf.cast(tf.equal(label, tf.range(0, K, 1, 'int32')), 'float32');
    // [n, n], 1 or 0: whether the cell of the column comes before the cell of the row within its label. Made of differences, because
    // the WebAssembly engine compares a row with a column some twenty times slower than it subtracts them
    const lead = tf.sub(tf.transpose(confidence), confidence);
    const place = tf.range(0, n);
    const further = tf.step(tf.sub(tf.expandDims(place, 1), tf.expandDims(place, 0)));
    const earlier = tf.mul(further, tf.sub(1, tf.step(tf.abs(lead))));
    const before = tf.mul(matMulFast(labels, labels, { transposeB: true }), tf.add(tf.step(lead), earlier));
    const rank = tf.sum(before, 1, true); // [n, 1]
    const taken = tf.logicalAnd(tf.greaterEqual(confidence, threshold), tf.less(rank, Math.ceil(n / K)));
    return tf.mul(labels, tf.cast(taken, 'float32'));
  });
}
