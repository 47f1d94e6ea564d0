import { expect, test } from 'vitest';
import { looked, notStopped, shouldStop } from '#core/train/early-stop';
import { steppedLearningRate } from '#core/train/optimisers';

test('training stops after twenty quiet looks in a row and not before', () => {
  let state = looked(notStopped, 5);
  for (let i = 0; i < 19; i++) state = looked(state, 5);
  expect(shouldStop(state)).toBe(false);
  expect(shouldStop(looked(state, 5))).toBe(true);
});

test('one restless look starts the count anew', () => {
  let state = looked(notStopped, 5);
  for (let i = 0; i < 19; i++) state = looked(state, 5);
  state = looked(state, 6); // the average moves by a fiftieth
  expect(state.quiet).toBe(0);
  expect(shouldStop(looked(state, 5))).toBe(false);
});

test('the learning rate falls to a tenth at half time, once, for even, odd and single steps', () => {
  const rates = (steps: number): number[] => Array.from({ length: steps }, (_, t) => steppedLearningRate(1, t, steps));
  expect(rates(4)).toEqual([1, 1, 0.1, 0.1]);
  expect(rates(3)).toEqual([1, 1, 0.1]);
  expect(rates(1)).toEqual([1]);
});
