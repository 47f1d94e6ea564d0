import * as tf from '@tensorflow/tfjs-core';

export const BATCH_NORM_EPSILON = 1e-5;
export const BATCH_NORM_MOMENTUM = 0.1;

/** What batch normalisation remembers for the time after training. */
export interface RunningStatistics {
  /** [h] */
  readonly mean: tf.Tensor1D;
  /** [h] */
  readonly variance: tf.Tensor1D;
}

/** Statistics before any batch: mean 0, variance 1. */
export function initialStatistics(width: number): RunningStatistics {
  return { mean: tf.zeros([width]), variance: tf.ones([width]) };
}

/**
 * Batch normalisation in training: γ (x − mean) / √(variance + 10⁻⁵) + β with mean and biased variance of the batch: [n, h].
 * Source: Ioffe & Szegedy 2015 (arXiv:1502.03167).
 * @param x [n, h]  @param scale γ [h]  @param shift β [h]
 */
export function batchNorm(x: tf.Tensor2D, scale: tf.Tensor1D, shift: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, 0, true));
    const variance = tf.mean(tf.square(centred), 0, true);
    return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, BATCH_NORM_EPSILON))), scale), shift);
  });
}

/** Batch normalisation after training: the running statistics stand for those of a batch: [n, h]. */
export function batchNormEvaluated(
  x: tf.Tensor2D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  statistics: RunningStatistics,
): tf.Tensor2D {
  return tf.tidy(() => {
    const factor = tf.mul(tf.rsqrt(tf.add(statistics.variance, BATCH_NORM_EPSILON)), scale);
    return tf.add(tf.mul(tf.sub(x, statistics.mean), factor), shift);
  });
}

/** The statistics after one more batch: 0.9 of what they were and 0.1 of the batch, whose variance is unbiased. @param x [n, h], n ≥ 2 */
export function updatedStatistics(statistics: RunningStatistics, x: tf.Tensor2D): RunningStatistics {
  return tf.tidy(() => {
    const mean = tf.mean(x, 0) as tf.Tensor1D;
    const variance = tf.div(tf.sum(tf.square(tf.sub(x, mean)), 0), x.shape[0] - 1) as tf.Tensor1D;
    return { mean: moved(statistics.mean, mean), variance: moved(statistics.variance, variance) };
  });
}

function moved(before: tf.Tensor1D, batch: tf.Tensor1D): tf.Tensor1D {
  return tf.add(tf.mul(before, 1 - BATCH_NORM_MOMENTUM), tf.mul(batch, BATCH_NORM_MOMENTUM));
}
