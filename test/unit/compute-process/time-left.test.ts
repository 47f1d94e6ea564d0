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

  test('does not take the trials of tuning for the first step, nor for what came before training', () => {
    const timeLeft = new TimeLeft([]);
    timeLeft.stage('read', 0);
    timeLeft.stage('train', 1000); // the first of two trials
    timeLeft.stage('train', 60_000, 0.5);
    timeLeft.stage('train', 120_000);
    timeLeft.stage('train', 120_040, 0.1); // goes on after a checkpoint
    expect(timeLeft.step(11, 100, 120_050)).toEqual({ stepsPerSecond: 20, remainingMs: 89 * 50 + 1000 });
  });

  test('before any run has finished is judged by the cells and the speed of the processor', () => {
    const timeLeft = new TimeLeft([], { processorStepsPerSecond: () => 40 });
    timeLeft.size(5000);
    expect(afterSteps(timeLeft, 10, 100, 50).remainingMs).toBeCloseTo(
      90 * 50 + (5000 * (0.151 + 0.095) * 1000) / 40,
      6,
    );
    timeLeft.size(10_000);
    expect(timeLeft.step(11, 100, 1550).remainingMs).toBeCloseTo(89 * 50 + (10_000 * (0.151 + 0.095) * 1000) / 40, 6);
  });

  test('learns from finished runs what later stages cost in steps per cell, as a median', () => {
    const run = (train: number, predict: number) => ({
      times: { read: 9, train, predict, write: train / 10 },
      cells: 100,
      steps: 100,
    });
    const finished = [run(1000, 100), run(2000, 400), run(500, 500)]; // in steps: 10, 20, 100; writing: 10
    const timeLeft = new TimeLeft(finished);
    expect(afterSteps(timeLeft, 10, 100, 50).remainingMs).toBeCloseTo(90 * 50 + 30 * 50, 6);
    timeLeft.size(300); // three times the cells
    expect(timeLeft.step(11, 100, 1550).remainingMs).toBeCloseTo(89 * 50 + 90 * 50, 6);
  });

  test('is not led astray by a run with another number of steps, or on a computer busy with other things', () => {
    const finished = [{ times: { train: 1000, layout: 2000 }, cells: 10, steps: 100 }];
    const timeLeft = new TimeLeft(finished); // the layout takes as long as 200 steps
    timeLeft.size(10);
    expect(afterSteps(timeLeft, 10, 1000, 30).remainingMs).toBeCloseTo(990 * 30 + 200 * 30, 6);
  });

  test('does not learn from runs that did not train', () => {
    const finished = [{ times: { read: 5, train: 0 }, cells: null, steps: null }];
    expect(afterSteps(new TimeLeft(finished), 1, 2, 10).remainingMs).toBe(10 + 1000);
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
