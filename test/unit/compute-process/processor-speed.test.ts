import { expect, test } from 'vitest';
import { ProcessorSpeed } from '#compute/processor-speed';

/** Each trial takes the next of these lengths. */
function clocked(lengths: readonly number[]) {
  const clock = { at: 0, trials: 0 };
  const work = (): void => void (clock.at += lengths[clock.trials++ % lengths.length]!);
  return { clock, speed: new ProcessorSpeed(() => clock.at, work) };
}

test('the quickest trial counts: what else the computer does is left out, and half the speed is twice the factor', () => {
  const quick = clocked([5, 1, 30]).speed.factor;
  expect(clocked([2, 70]).speed.factor).toBe(2 * quick);
});

test('it is tried again when it is asked for a while later, and not without end', () => {
  const { speed, clock } = clocked([9, 9, 9, 9, 9, 9, 3, 20]);
  const first = speed.factor;
  const before = clock.trials;
  expect(speed.factor).toBe(first);
  expect(clock.trials).toBe(before);
  clock.at += 1000;
  expect(speed.factor).toBeCloseTo(first / 3, 9);
  for (let i = 0; i < 1000; i++) {
    clock.at += 1000;
    expect(speed.factor).toBeCloseTo(first / 3, 9);
  }
  expect(clock.trials).toBeLessThan(100);
});

test('this processor has a speed', () => {
  const { factor } = new ProcessorSpeed(() => performance.now());
  expect(factor).toBeGreaterThan(0.05);
  expect(factor).toBeLessThan(100);
});
