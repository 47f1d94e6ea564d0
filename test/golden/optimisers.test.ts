import * as tf from '@tensorflow/tfjs-core';
import { test } from 'vitest';
import {
  initialOptimiserState,
  optimiserStep,
  type OptimiserSettings,
  steppedLearningRate,
} from '#core/train/optimisers';
import { expectClose, golden } from '#test/support/golden';
import { onEveryEngine } from '#test/support/tensor-engines';

const { inputs, expected } = golden<{
  inputs: { p0: number[]; grads: number[][] };
  expected: Record<'sgd_momentum_wd5e4_lr001_steplr_half' | 'adam_lr1e4_wd1e5', number[][]>;
}>('optimisers');

/** The parameter after each of the four steps. */
function path(settingsAt: (step: number) => OptimiserSettings): number[][] {
  return tf.tidy(() => {
    let parameters: Record<string, tf.Tensor> = { p: tf.tensor1d(inputs.p0) };
    let state = initialOptimiserState(settingsAt(0).optimiser, parameters);
    return inputs.grads.map((gradient, step) => {
      ({ parameters, state } = optimiserStep(parameters, { p: tf.tensor1d(gradient) }, state, settingsAt(step), step));
      return Array.from(parameters['p']!.dataSync());
    });
  });
}

onEveryEngine(() => {
  test('SGD with momentum, coupled decay and the drop at half time follows the expected path', () => {
    const found = path((step) => ({
      optimiser: 'sgd',
      learningRate: steppedLearningRate(0.01, step, 4),
      momentum: 0.9,
      weightDecay: 5e-4,
    }));
    expectClose(found.flat(), expected.sgd_momentum_wd5e4_lr001_steplr_half, 'path', 1e-6);
  });

  test('Adam with coupled decay follows the expected path', () => {
    const found = path(() => ({ optimiser: 'adam', learningRate: 1e-4, momentum: 0, weightDecay: 1e-5 }));
    expectClose(found.flat(), expected.adam_lr1e4_wd1e5, 'path', 1e-6);
  });
});
