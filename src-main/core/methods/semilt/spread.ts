import * as tf from '@tensorflow/tfjs-core';
import { matMulFast } from '../../train/mat-mul-fast.ts';

/** Smallest variance that counts: below it a derivative of the deviation would be noise. */
const LEAST_VARIANCE = 1e-10;

/** Unbiased standard deviation of each column: [width]. @param z [n, width], n ≥ 2 */
export function deviations(z: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => {
    const centred = tf.sub(z, tf.mean(z, 0, true));
    return root(tf.div(tf.sum(tf.square(centred), 0), z.shape[0] - 1)) as tf.Tensor1D;
  });
}

/**
 * Mean over the groups of the mean standard deviation (unbiased) of a group's cells; a group of one cell contributes 0.
 * @param z [n, width]  @param member [n, groups], 1 where a cell belongs to a group; every group has a cell
 */
export function groupCompactness(z: tf.Tensor2D, member: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const counts = tf.expandDims(tf.sum(member, 0), 1); // [groups, 1]
    const means = tf.div(matMulFast(member, z, { transposeA: true }), counts) as tf.Tensor2D;
    const centred = tf.sub(z, tf.matMul(member, means)) as tf.Tensor2D;
    const squares = matMulFast(member, tf.square(centred), { transposeA: true }); // [groups, width]
    const variance = tf.div(squares, tf.maximum(tf.sub(counts, 1), 1));
    const several = tf.cast(tf.greater(counts, 1), 'float32');
    return tf.mean(tf.mul(root(variance), several)) as tf.Scalar;
  });
}

/**
 * Mean over the n cells of the mean standard deviation (unbiased) of a cell and its neighbours together; 0 for a cell without any.
 * @param z [n, width]  @param together [n, n], row i: 1 at i and at its neighbours
 */
export function neighbourCompactness(z: tf.Tensor2D, together: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const centred: tf.Tensor2D = tf.sub(z, tf.mean(z, 0, true)); // near zero, so that the difference below keeps its digits
    const counts = tf.sum(together, 1, true); // [n, 1]
    const means = tf.div(tf.matMul(together, centred), counts);
    const squares = tf.sub(tf.matMul(together, tf.square(centred)), tf.mul(tf.square(means), counts));
    const variance = tf.div(squares, tf.maximum(tf.sub(counts, 1), 1));
    const several = tf.cast(tf.greater(counts, 1), 'float32');
    return tf.mean(tf.mul(root(variance), several)) as tf.Scalar;
  });
}

/** √x for variances of at least 10⁻¹⁰; below, the derivative is 0. */
function root(variance: tf.Tensor): tf.Tensor {
  return tf.sqrt(tf.maximum(variance, LEAST_VARIANCE));
}
