import { expect, test } from 'vitest';
import type { RunSummaryFile } from '#compute/run-record';
import { resultTable } from '../../../src-main/cli/result-table.ts';

test('a reference label that is called Unknown has one line with both of its counts', () => {
  const text = resultTable({
    label_counts: { predicted: { A: 6, Unknown: 2 }, shown: { A: 5, Unknown: 3 } },
    cells: { query: 8, reference: 20 },
    metrics: null,
    notes: [],
    timings: {},
    threshold: 0.5,
    peak_rss_bytes: 0,
  } as unknown as RunSummaryFile);
  expect(text.match(/^Unknown .*$/gm)).toEqual(['Unknown              2       3']);
});
