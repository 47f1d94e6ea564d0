import { expect, test } from 'vitest';
import type { RunSummaryFile } from '#compute/run-record';
import { choiceLines } from '../../../src-main/cli/choice-lines.ts';

test('nothing is said where nothing was tuned and no methods were joined', () => {
  expect(choiceLines({} as RunSummaryFile)).toEqual([]);
});

test('trials are told with what they changed, and which was taken', () => {
  const tuning = {
    trials: [
      { changes: {}, neighbours: 0.5, reverse: 0.7, score: 0.6 },
      { changes: { weightDecay: 0.1 }, neighbours: 0.6, reverse: 0.8, score: 0.7 },
    ],
    margin: 0.05,
    chosen: 1,
  };
  const lines = choiceLines({ tuning } as unknown as RunSummaryFile);
  expect(lines).toContain('0.500  0.700  0.600  as begun with');
  expect(lines).toContain('0.600  0.800  0.700  weightDecay=0.1 (taken)');
});

test('members are told with what speaks for them; a measure that is not defined is a dash', () => {
  const member = { id: 'm', title: 'M', weight: 1, agreement: 0.9, neighbours: 0.4, reverse: null };
  const consensus = { members: [member], unanimous: 1, neighbours: { k: 10, agreement: 0.4, strength: 0.2 } };
  const lines = choiceLines({ consensus } as unknown as RunSummaryFile);
  expect(lines).toContain('1.000  0.900  0.400  –  M');
  expect(lines.at(-1)).toContain('0.400 beyond chance and give 0.200');
});
