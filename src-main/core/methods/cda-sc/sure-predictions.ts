import * as tf from '@tensorflow/tfjs-core';

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
    const place = tf.range(0, n, 1, 'int32');
    // [n, n]: whether the cell of the column comes before the cell of the row within its label
    const surer = tf.greater(tf.transpose(confidence), confidence);
    const earlier = tf.logicalAnd(
      tf.equal(tf.transpose(confidence), confidence),
      tf.less(tf.expandDims(place, 0), tf.expandDims(place, 1)),
    );
    const before = tf.logicalAnd(tf.equal(tf.transpose(label), label), tf.logicalOr(surer, earlier));
    const rank = tf.sum(tf.cast(before, 'float32'), 1, true); // [n, 1]
    const taken = tf.logicalAnd(tf.greaterEqual(confidence, threshold), tf.less(rank, Math.ceil(n / K)));
    const labels = tf.cast(tf.equal(label, tf.range(0, K, 1, 'int32')), 'float32');
    return tf.mul(labels, tf.cast(taken, 'float32'));
  });
}
