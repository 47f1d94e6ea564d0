import { describe, expect, test } from 'vitest';
import type { RunSummaryFile } from '#compute/run-record';
import { resultTable } from '../../../src-main/cli/result-table.ts';

const summary = (given: Partial<RunSummaryFile>): RunSummaryFile =>
  ({
    label_counts: { predicted: { A: 1000 }, shown: { A: 40, Unknown: 960 } },
    cells: { query: 1000, reference: 20 },
    metrics: null,
    notes: [],
    timings: {},
    threshold: 0.95,
    peak_rss_bytes: 0,
    ...given,
  }) as unknown as RunSummaryFile;

test('a reference label that is called Unknown has one line with both of its counts', () => {
  const text = resultTable(
    summary({
      label_counts: { predicted: { A: 6, Unknown: 2 }, shown: { A: 5, Unknown: 3 } },
      cells: { query: 8, reference: 20 },
      threshold: 0.5,
    }),
  );
  expect(text.match(/^Unknown .*$/gm)).toEqual(['Unknown              2       3']);
});

describe('where more than half of the cells are Unknown', () => {
  const line = (given: Partial<RunSummaryFile>): string | undefined =>
    resultTable(summary(given))
      .split('\n')
      .find((text) => text.includes('are Unknown'));

  test('one line names the thresholds at which half and a quarter of them would show their labels', () => {
    expect(line({ confidence: { upper: 0.7812, median: 0.6, lower: 0.4 } })).toBe(
      '960 of 1000 cells are Unknown: their confidence does not exceed 0.95. With --threshold 0.59 the more confident half would show its labels, with --threshold 0.78 the most confident quarter; how many of these labels are right, this run cannot tell.',
    );
  });

  test('nothing is proposed that would not show more', () => {
    expect(line({ confidence: { upper: 0.99, median: 0.9, lower: 0.4 } })).not.toContain('quarter');
    for (const confidence of [{ upper: 0.99, median: 0.98, lower: 0.97 }, null, undefined]) {
      const text = line(confidence === undefined ? {} : { confidence });
      expect(text).toMatch(/0\.95, or they have no value in the shared features\.$/);
    }
  });

  test('and only there', () => {
    const shown = { A: 500, Unknown: 500 };
    expect(line({ label_counts: { predicted: { A: 1000 }, shown } })).toBeUndefined();
  });
});
