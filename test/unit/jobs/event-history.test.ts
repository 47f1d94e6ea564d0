import { expect, test } from 'vitest';
import type { RunEvent } from '#contract/run-events';
import { EventHistory } from '#jobs/event-history';

const stage = (runId: string, seq: number): RunEvent => ({
  runId,
  seq,
  elapsedMs: seq,
  kind: 'stage',
  stage: 'train',
  fraction: 0,
  text: 't',
});
const step = (runId: string, seq: number): RunEvent => ({
  ...{ runId, seq, elapsedMs: seq, kind: 'step', step: seq, steps: 100 },
  ...{ terms: {}, stepsPerSecond: 1, remainingMs: null, residentBytes: 1 },
});

test('keeps the events of each run in order and numbers the next', () => {
  const history = new EventHistory(10);
  history.add(stage('a', 0));
  history.add(stage('b', 0));
  history.add(step('a', 1));
  expect(history.of('a').map(({ seq }) => seq)).toEqual([0, 1]);
  expect(history.nextSeq('a')).toBe(2);
  expect(history.nextSeq('b')).toBe(1);
  expect(history.nextSeq('c')).toBe(0);
  expect(history.of('c')).toEqual([]);
});

test('drops the oldest steps first when there are too many events', () => {
  const history = new EventHistory(4);
  history.add(stage('a', 0));
  for (let seq = 1; seq <= 6; seq++) history.add(step('a', seq));
  expect(history.of('a').map(({ seq }) => seq)).toEqual([0, 4, 5, 6]);
  expect(history.nextSeq('a')).toBe(7);
});

test('passes each event to every listener until it leaves', () => {
  const history = new EventHistory(4);
  const heard: string[] = [];
  const leave = history.listen(({ seq }) => heard.push(`one ${seq}`));
  history.listen(({ seq }) => heard.push(`two ${seq}`));
  history.add(stage('a', 0));
  leave();
  history.add(stage('a', 1));
  expect(heard).toEqual(['one 0', 'two 0', 'two 1']);
});

test('gives a copy that later events do not change', () => {
  const history = new EventHistory(4);
  history.add(stage('a', 0));
  const before = history.of('a');
  history.add(stage('a', 1));
  expect(before).toHaveLength(1);
});
