import * as tf from '@tensorflow/tfjs-core';

/** As in the released code. */
const EPSILON = 1e-6;

/**
 * Each row with its mean taken away and divided by √(biased variance + 10⁻⁶): [rows, width]. A constant row becomes 0.
 * The derivative is written out: with y the result and s the divisor, dx = (dy − mean(dy) − y·mean(dy·y))/s.
 */
export function normalised(x: tf.Tensor2D): tf.Tensor2D {
  const compute = tf.customGrad((...args) => {
    const [input, save] = args as [tf.Tensor2D, tf.GradSaveFunc];
    const centred = tf.sub(input, tf.mean(input, 1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), EPSILON)); // [rows, 1]
    const value = tf.mul(centred, inverse);
    save([value, inverse]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [y, s] = saved as [tf.Tensor2D, tf.Tensor2D];
        const along = tf.mul(y, tf.mean(tf.mul(dy, y), 1, true));
        return tf.mul(tf.sub(tf.sub(dy, tf.mean(dy, 1, true)), along), s);
      },
    };
  });
  return compute(x) as tf.Tensor2D;
}
