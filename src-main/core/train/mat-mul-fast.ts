import * as tf from '@tensorflow/tfjs-core';

/**
 * The matrix product a × b of two matrices, either of them taken transposed first: [n, k] × [k, m] → [n, m].
 * Transposes are carried out, not handed to the product as flags: with a flag the WebAssembly engine takes a path about
 * twelve times slower. The registered gradient of the product does the same.
 */
export function matMulFast(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  options: { transposeA?: boolean; transposeB?: boolean } = {},
): tf.Tensor2D {
  return tf.matMul(
    options.transposeA === true ? tf.transpose(a) : a,
    options.transposeB === true ? tf.transpose(b) : b,
  );
}

/** x·W + b with b added to every row: [n, a] × [a, b] + [b] → [n, b]. */
export function linear(x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.add(tf.matMul(x, weights), bias);
}

/** Each row divided by its Euclidean length, at least 10⁻¹², so that a zero row stays zero with derivative zero: [n, m]. */
export function unitLength(z: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(z, tf.rsqrt(tf.maximum(tf.sum(tf.square(z), 1, true), 1e-24)));
}
