import { describe, expect, test } from 'vitest';
import { stages } from '#contract/run-events';
import type { Moment } from '#compute/slowdown';
import { type Costs, laterStages, stageCosts } from '#compute/stage-costs';
import { type FinishedTimes, TimeLeft } from '#compute/time-left';

/** A millisecond per cell in each stage after training. */
const costs = (cells: number): Costs =>
  Object.fromEntries(stages.map((stage) => [stage, laterStages.includes(stage) ? cells : 0])) as unknown as Costs;
/** All five stages after training, of a run of `cells`. */
const later = (cells: number): number => 5 * cells;

const newTimeLeft = (finished: readonly FinishedTimes[] = []): TimeLeft =>
  new TimeLeft({ costs, finished, settlingMs: 0 });
/** The main thread is on the processor for a share of the time. */
const moment = (at: number, share = 1): Moment => ({ at, busy: share * at });

/** Training of a run of 100 cells begins at 1000 ms after a second of reading; each step takes `msPerStep`. */
function afterSteps(timeLeft: TimeLeft, steps: number, of: number, msPerStep: number, share = 1) {
  timeLeft.size(100);
  timeLeft.stage('read', moment(0));
  timeLeft.stage('train', moment(1000, share));
  let told = { stepsPerSecond: 0, remainingMs: null as number | null };
  for (let step = 1; step <= steps; step++) told = timeLeft.step(step, of, moment(1000 + step * msPerStep, share));
  return told;
}

describe('the time left', () => {
  test('is the rest of training and what the stages after it cost by the cells', () => {
    expect(afterSteps(newTimeLeft(), 10, 100, 50)).toEqual({ stepsPerSecond: 20, remainingMs: 90 * 50 + later(100) });
  });

  test('follows the load of the computer, for what comes after training too', () => {
    expect(afterSteps(newTimeLeft(), 10, 100, 50, 0.25).remainingMs).toBeCloseTo(90 * 50 + 4 * later(100), 6);
    const timeLeft = newTimeLeft();
    afterSteps(timeLeft, 10, 10_000, 50, 0.25);
    let now = { at: 1500, busy: 375 };
    let told = null as number | null;
    for (let step = 11; step <= 2000; step++) {
      now = { at: now.at + 50, busy: now.busy + 50 }; // the load is gone
      told = timeLeft.step(step, 10_000, now).remainingMs;
    }
    expect(told).toBeGreaterThan(8000 * 50 + later(100));
    expect(told).toBeLessThan(8000 * 50 + 1.05 * later(100));
  });

  test('is not told of the first half second of steps, which wait for the compiler', () => {
    const timeLeft = new TimeLeft({ costs, finished: [] });
    timeLeft.size(100);
    timeLeft.stage('train', moment(0));
    expect(timeLeft.step(1, 100, moment(100))).toEqual({ stepsPerSecond: 10, remainingMs: null });
    expect(timeLeft.step(2, 100, moment(599)).remainingMs).toBeNull();
    expect(timeLeft.step(3, 100, moment(600)).remainingMs).toBe(97 * 250 + later(100));
  });

  test('that was told before the first step runs on until the steps have settled', () => {
    const timeLeft = new TimeLeft({ costs, finished: [] });
    timeLeft.size(100);
    timeLeft.stage('train', moment(0));
    expect(timeLeft.beforeSteps(0.25, moment(5000))).toBe(15_000 + later(100));
    expect(timeLeft.step(1, 100, moment(9000)).remainingMs).toBe(11_000 + later(100));
    expect(timeLeft.step(2, 100, moment(9400)).remainingMs).toBe(10_600 + later(100));
    expect(timeLeft.step(3, 100, moment(9500)).remainingMs).toBe(97 * 250 + later(100));
  });

  test('that was told before the first step of a trial of tuning says nothing of the training after it', () => {
    const timeLeft = new TimeLeft({ costs, finished: [] });
    timeLeft.size(100);
    timeLeft.stage('train', moment(0));
    expect(timeLeft.beforeSteps(0.25, moment(5000))).not.toBeNull();
    timeLeft.stage('train', moment(20_000));
    expect(timeLeft.step(1, 100, moment(20_100)).remainingMs).toBeNull();
  });

  test('does not take waiting for a graphics card for load', () => {
    const timeLeft = newTimeLeft();
    timeLeft.engine(true);
    timeLeft.size(100);
    timeLeft.stage('prepare', { at: 0, busy: 0 });
    timeLeft.stage('train', { at: 1000, busy: 500 });
    for (let step = 1; step <= 100; step++) timeLeft.step(step, 200, { at: 1000 + 100 * step, busy: 500 + step });
    expect(timeLeft.stage('predict', { at: 11_000, busy: 600 })).toBeCloseTo(2 * later(100), 6);
  });

  test('does not take the trials of tuning for the first step', () => {
    const timeLeft = newTimeLeft();
    timeLeft.size(100);
    timeLeft.stage('read', moment(0));
    timeLeft.stage('train', moment(1000)); // the first of two trials
    timeLeft.stage('train', moment(60_000), 0.5);
    timeLeft.stage('train', moment(120_000));
    timeLeft.stage('train', moment(120_040), 0.1); // goes on after a checkpoint
    expect(timeLeft.step(11, 100, moment(120_050))).toEqual({
      stepsPerSecond: 20,
      remainingMs: 89 * 50 + later(100),
    });
  });

  test('does not count what was done before the first step, once there is a second one', () => {
    const timeLeft = newTimeLeft();
    timeLeft.size(100);
    timeLeft.stage('train', moment(0));
    expect(timeLeft.beforeSteps(0.25, moment(5000))).toBe(15_000 + later(100));
    expect(timeLeft.step(1, 100, moment(10_000)).stepsPerSecond).toBe(0.1);
    expect(timeLeft.step(2, 100, moment(10_050)).stepsPerSecond).toBe(20);
    expect(timeLeft.step(3, 100, moment(10_100))).toEqual({ stepsPerSecond: 20, remainingMs: 97 * 50 + later(100) });
  });

  test('learns from finished runs how much more or less each stage takes than it should, as a median', () => {
    const run = (predict: number, cells: number): FinishedTimes => ({
      took: { train: 9, predict, layout: 2 * cells },
      expected: costs(cells),
    });
    const finished = [run(100, 100), run(600, 200), run(100, 10)]; // 1, 3 and 10 times; layout twice
    expect(afterSteps(newTimeLeft(finished), 10, 100, 50).remainingMs).toBeCloseTo(90 * 50 + (3 + 2 + 3) * 100, 6);
  });

  test('does not learn of a stage that a finished run did not have', () => {
    const finished = [{ took: { predict: 100 }, expected: { ...costs(100), layout: 0 } }];
    expect(afterSteps(newTimeLeft(finished), 10, 100, 50).remainingMs).toBe(90 * 50 + later(100));
  });

  test('is told from the end of training on, by what a stage should take first and by its share that is done then', () => {
    const timeLeft = newTimeLeft();
    afterSteps(timeLeft, 100, 100, 50);
    expect(timeLeft.stage('layout', moment(7000))).toBe(300); // layout, figures, write
    expect(timeLeft.stage('layout', moment(7050))).toBe(250);
    expect(timeLeft.stage('layout', moment(7400), 0.5)).toBe(0.5 * 400 + 200); // four times as slow as it should
    expect(timeLeft.stage('figures', moment(7800))).toBe(200);
    expect(timeLeft.stage('write', moment(9000))).toBe(100);
    expect(timeLeft.stage('write', moment(9900))).toBe(0);
  });

  test('is not told before training, nor while nobody knows how many cells there are', () => {
    const timeLeft = newTimeLeft();
    expect(timeLeft.stage('read', moment(0))).toBeNull();
    timeLeft.stage('train', moment(10));
    expect(timeLeft.step(1, 10, moment(20))).toEqual({ stepsPerSecond: 100, remainingMs: null });
    expect(timeLeft.stage('predict', moment(30))).toBeNull();
    timeLeft.size(100);
    expect(timeLeft.stage('train', moment(40), 0.2)).toBeNull();
  });

  test('cannot be told at the first step of a process that did not say when training began', () => {
    const timeLeft = newTimeLeft();
    timeLeft.size(0);
    expect(timeLeft.step(41, 100, moment(5000))).toEqual({ stepsPerSecond: 0, remainingMs: null });
    expect(timeLeft.step(42, 100, moment(5010))).toEqual({ stepsPerSecond: 100, remainingMs: 58 * 10 });
  });

  test('follows a change of pace but not a single slow step', () => {
    const timeLeft = newTimeLeft();
    timeLeft.stage('train', moment(0));
    let now = 0;
    let told = timeLeft.step(1, 10_000, moment((now += 10)));
    for (let step = 2; step <= 200; step++) told = timeLeft.step(step, 10_000, moment((now += 10)));
    expect(told.stepsPerSecond).toBeCloseTo(100, 6);
    told = timeLeft.step(201, 10_000, moment((now += 100)));
    expect(told.stepsPerSecond).toBeGreaterThan(90);
    for (let step = 202; step <= 1000; step++) told = timeLeft.step(step, 10_000, moment((now += 20)));
    expect(told.stepsPerSecond).toBeCloseTo(50, 0);
  });

  test('takes several steps told as one for what they are', () => {
    const timeLeft = newTimeLeft();
    timeLeft.size(0);
    timeLeft.stage('train', moment(0));
    expect(timeLeft.step(10, 100, moment(100))).toEqual({ stepsPerSecond: 10, remainingMs: 9000 });
    expect(timeLeft.step(20, 100, moment(1100)).stepsPerSecond).toBeCloseTo(10, 6);
  });
});

describe('what the stages after training cost', () => {
  const at = (cells: number) => stageCosts({ cells, figures: true, threads: 2 });

  test('grows with the cells, except where more of them are drawn in fewer rounds or by a sketch', () => {
    for (const [few, more] of [
      [1000, 4000],
      [10_000, 20_000],
      [20_000, 200_000],
      [200_001, 1_000_000],
    ] as const)
      for (const stage of laterStages) expect(at(more)[stage], `${stage} of ${more}`).toBeGreaterThan(at(few)[stage]);
    expect(at(10_000).layout).toBeLessThan(at(9999).layout);
  });

  test('is nothing for a map and figures that nobody asked for, and for the stages before', () => {
    const without = stageCosts({ cells: 5000, figures: false, threads: 2 });
    expect([without.layout, without.figures]).toEqual([0, 0]);
    expect([without.read, without.prepare, without.train]).toEqual([0, 0, 0]);
    expect(without.write).toBe(at(5000).write);
  });

  test('is less where more threads look for neighbours', () => {
    expect(stageCosts({ cells: 9000, figures: true, threads: 8 }).layout).toBeLessThan(at(9000).layout);
  });
});
