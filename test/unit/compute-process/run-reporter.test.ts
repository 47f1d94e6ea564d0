import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RunEvent } from '#contract/run-events';
import { RunReporter } from '#compute/run-reporter';

let sent: { at: number; event: RunEvent }[] = [];
const now = (): number => performance.now();

function newReporter(firstSeq = 0): RunReporter {
  sent = [];
  return new RunReporter({
    runId: 'r',
    firstSeq,
    send: (event) => sent.push({ at: now(), event: RunEvent.parse(event) }),
    finished: [],
    costs: () => ({ read: 0, prepare: 0, train: 0, predict: 1, interpret: 2, layout: 30, figures: 4, write: 5 }),
    now,
    busy: () => now() / 2,
    residentBytes: () => 1e9,
  });
}

const step = (n: number) => ({ step: n, steps: 1000, terms: { total: 1 / n } });

describe('what a run reports', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => vi.useRealTimers());

  test('is numbered without a gap from the number given', () => {
    const reporter = newReporter(7);
    reporter.stage('read', 0, 'Reading');
    reporter.engine('wasm', false);
    reporter.stage('train', 0, 'Training');
    reporter.step(step(1));
    reporter.end();
    expect(sent.map(({ event }) => [event.seq, event.kind])).toEqual([
      [7, 'stage'],
      [8, 'started'],
      [9, 'stage'],
      [10, 'step'],
    ]);
  });

  test('is at most ten events in a second, however quick the steps, and the last step is among them', () => {
    const reporter = newReporter();
    reporter.stage('train', 0, 'Training');
    for (let n = 1; n <= 1000; n++) {
      reporter.step(step(n));
      vi.advanceTimersByTime(3);
    }
    reporter.end();
    for (const { at } of sent)
      expect(sent.filter((other) => other.at >= at && other.at < at + 1000).length).toBeLessThanOrEqual(10);
    expect(sent.length).toBeGreaterThan(25);
    expect(sent.at(-1)!.event).toMatchObject({ kind: 'step', step: 1000 });
  });

  test('is sent when the quiet time is over, also if nothing more comes', () => {
    const reporter = newReporter();
    reporter.stage('train', 0, 'Training');
    vi.advanceTimersByTime(10);
    reporter.step(step(1));
    reporter.step(step(2));
    expect(sent).toHaveLength(1);
    vi.advanceTimersByTime(100);
    expect(sent.map(({ event }) => event.kind)).toEqual(['stage', 'step']);
    expect(sent[1]!.event).toMatchObject({ step: 2, elapsedMs: 100 });
  });

  test('shows a new stage at once, after the last step of the one before', () => {
    const reporter = newReporter();
    reporter.stage('train', 0, 'Training');
    reporter.step(step(1));
    reporter.stage('predict', 0, 'Labelling');
    expect(sent.map(({ event }) => event.kind)).toEqual(['stage', 'step', 'stage']);
  });

  test('has no term that is not a number', () => {
    const reporter = newReporter();
    reporter.step({ step: 1, steps: 2, terms: { total: Number.NaN, alignment: Infinity, centres: 0.5 } });
    expect(sent[0]!.event).toMatchObject({ terms: { centres: 0.5 } });
    expect(Object.keys((sent[0]!.event as { terms: object }).terms)).toEqual(['centres']);
  });

  test('keeps a fraction within 0 … 1', () => {
    const reporter = newReporter();
    reporter.stage('read', -0.1, 'a');
    reporter.stage('prepare', 1.0001, 'b');
    expect(sent.map(({ event }) => (event as { fraction: number }).fraction)).toEqual([0, 1]);
  });

  test('tells the time left with stages after training', () => {
    const reporter = newReporter();
    reporter.size(10);
    reporter.stage('prepare', 0, 'a');
    vi.advanceTimersByTime(1000);
    reporter.stage('train', 0, 'b'); // half of the time on the processor: twice what it costs
    reporter.stage('layout', 0, 'c');
    expect(sent.map(({ event }) => (event as { remainingMs?: number }).remainingMs)).toEqual([
      undefined,
      undefined,
      2 * 39,
    ]);
  });

  test('gives the time of each stage, one that comes twice added up', () => {
    const reporter = newReporter();
    reporter.stage('read', 0, 'a');
    vi.advanceTimersByTime(10);
    reporter.stage('prepare', 0, 'b');
    vi.advanceTimersByTime(20);
    reporter.stage('read', 0.5, 'c');
    vi.advanceTimersByTime(5);
    expect(reporter.end()).toEqual([
      { stage: 'read', elapsedMs: 15 },
      { stage: 'prepare', elapsedMs: 20 },
    ]);
    expect([...reporter.busy]).toEqual([
      ['read', 7.5],
      ['prepare', 10],
    ]);
  });
});
