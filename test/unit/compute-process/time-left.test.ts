import { describe, expect, test } from 'vitest';
import { TimeLeft } from '#compute/time-left';

/** Training begins at 1000 ms after a second of reading; each step takes `msPerStep`. */
function afterSteps(timeLeft: TimeLeft, steps: number, of: number, msPerStep: number) {
  timeLeft.stage('read', 0);
  timeLeft.stage('train', 1000);
  let told = { stepsPerSecond: 0, remainingMs: null as number | null };
  for (let step = 1; step <= steps; step++) told = timeLeft.step(step, of, 1000 + step * msPerStep);
  return told;
}

describe('the time left', () => {
  test('without earlier runs is the rest of training and as much for the end as for the beginning', () => {
    expect(afterSteps(new TimeLeft([]), 10, 100, 50)).toEqual({ stepsPerSecond: 20, remainingMs: 90 * 50 + 1000 });
  });

  test('learns the share of later stages from finished runs, as a median', () => {
    const run = (train: number, predict: number) => ({ read: 9, train, predict, write: train / 10 });
    const finished = [run(1000, 100), run(2000, 400), run(500, 500)]; // shares of predict: 0.1, 0.2, 1
    const { remainingMs } = afterSteps(new TimeLeft(finished), 10, 100, 50);
    expect(remainingMs).toBeCloseTo(90 * 50 + (0.2 + 0.1) * 100 * 50, 6);
  });

  test('does not learn from runs that did not train', () => {
    expect(afterSteps(new TimeLeft([{ read: 5, train: 0 }]), 1, 2, 10).remainingMs).toBe(10 + 1000);
  });

  test('cannot be told at the first step of a process that did not say when training began', () => {
    const timeLeft = new TimeLeft([]);
    expect(timeLeft.step(41, 100, 5000)).toEqual({ stepsPerSecond: 0, remainingMs: null });
    expect(timeLeft.step(42, 100, 5010)).toEqual({ stepsPerSecond: 100, remainingMs: 58 * 10 });
  });

  test('follows a change of pace but not a single slow step', () => {
    const timeLeft = new TimeLeft([]);
    timeLeft.stage('train', 0);
    let now = 0;
    let told = timeLeft.step(1, 10_000, (now += 10));
    for (let step = 2; step <= 200; step++) told = timeLeft.step(step, 10_000, (now += 10));
    expect(told.stepsPerSecond).toBeCloseTo(100, 6);
    told = timeLeft.step(201, 10_000, (now += 100));
    expect(told.stepsPerSecond).toBeGreaterThan(90);
    for (let step = 202; step <= 1000; step++) told = timeLeft.step(step, 10_000, (now += 20));
    expect(told.stepsPerSecond).toBeCloseTo(50, 0);
  });

  test('takes several steps told as one for what they are', () => {
    const timeLeft = new TimeLeft([]);
    timeLeft.stage('train', 0);
    expect(timeLeft.step(10, 100, 100)).toEqual({ stepsPerSecond: 10, remainingMs: 9000 });
    expect(timeLeft.step(20, 100, 1100).stepsPerSecond).toBeCloseTo(10, 6);
  });
});
