import * as tf from '@tensorflow/tfjs-core';
import { test } from 'vitest';
import {
  initialOptimiserState,
  optimiserStep,
  type OptimiserSettings,
  steppedLearningRate,
} from '#core/train/optimisers';
import { expectClose, golden } from '#test/support/golden';
import { computed, type TestedEngine, tolerances } from '../engines.ts';

const { inputs, expected } = golden<{
  inputs: { p0: number[]; grads: number[][] };
  expected: Record<'sgd_momentum_wd5e4_lr001_steplr_half' | 'adam_lr1e4_wd1e5', number[][]>;
}>('optimisers');

/** The parameter after each of the four steps. */
function path(settingsAt: (step: number) => OptimiserSettings): tf.Tensor[] {
  let parameters: Record<string, tf.Tensor> = { p: tf.tensor1d(inputs.p0) };
  let state = initialOptimiserState(settingsAt(0).optimiser, parameters);
  return inputs.grads.map((gradient, step) => {
    ({ parameters, state } = optimiserStep(parameters, { p: tf.tensor1d(gradient) }, state, settingsAt(step), step));
    return parameters['p']!;
  });
}

/** Both optimisers follow the expected paths. */
export function goldenOptimiserCases(engine: TestedEngine): void {
  const { optimiser: tolerance } = tolerances[engine];

  test('SGD with momentum, coupled decay and the drop at half time', async () => {
    const found = await computed(engine, () =>
      path((step) => ({
        optimiser: 'sgd',
        learningRate: steppedLearningRate(0.01, step, 4),
        momentum: 0.9,
        weightDecay: 5e-4,
      })),
    );
    const { sgd_momentum_wd5e4_lr001_steplr_half: wanted } = expected;
    found.forEach((numbers, step) => expectClose(numbers, wanted[step]!, `step ${step}`, tolerance));
  });

  test('Adam with coupled decay', async () => {
    const found = await computed(engine, () =>
      path(() => ({ optimiser: 'adam', learningRate: 1e-4, momentum: 0, weightDecay: 1e-5 })),
    );
    found.forEach((numbers, step) => expectClose(numbers, expected.adam_lr1e4_wd1e5[step]!, `step ${step}`, tolerance));
  });
}
