import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { batchNorm, batchNormEvaluated, initialStatistics, updatedStatistics } from '#core/train/batch-norm';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

test('running statistics move by a tenth to the mean and the unbiased variance of the batch', () => {
  tf.tidy(() => {
    const { mean, variance } = updatedStatistics(initialStatistics(2), tf.tensor2d([1, 5, 3, 5, 8, 5], [3, 2]));
    expect(Array.from(mean.dataSync())).toEqual([expect.closeTo(0.4, 6), expect.closeTo(0.5, 6)]);
    expect(Array.from(variance.dataSync())).toEqual([expect.closeTo(0.9 + 1.3, 5), expect.closeTo(0.9, 6)]);
  });
});

test('after training the running statistics stand for those of the batch', () => {
  tf.tidy(() => {
    const x = tf.tensor2d([1, 5, 3, 5, 8, 6], [3, 2]);
    const scale = tf.tensor1d([2, 0.5]);
    const shift = tf.tensor1d([1, -1]);
    const centred = tf.sub(x, tf.mean(x, 0));
    const statistics = { mean: tf.mean(x, 0) as tf.Tensor1D, variance: tf.mean(tf.square(centred), 0) as tf.Tensor1D };
    const expected = Array.from(batchNorm(x, scale, shift).dataSync());
    batchNormEvaluated(x, scale, shift, statistics)
      .dataSync()
      .forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  });
});
