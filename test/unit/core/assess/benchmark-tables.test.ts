import { describe, expect, test } from 'vitest';
import { measures } from '#core/assess/benchmark-score';
import { benchmarkTables, spreadOf } from '#core/assess/benchmark-tables';
import { benchmarkScore } from '#test/support/benchmark-scores';

const scores = [
  ...[0.5, 0.7].map((accuracy, i) => benchmarkScore({ pair: 'p1', method: 'A', seed: i }, { accuracy, macro_f1: 0.5 })),
  ...[0.6, 0.6].map((accuracy, i) => benchmarkScore({ pair: 'p1', method: 'B', seed: i }, { accuracy, macro_f1: 0.4 })),
  ...[0.9, 0.8].map((accuracy, i) => benchmarkScore({ pair: 'p2', method: 'A', seed: i }, { accuracy, macro_f1: 0.3 })),
  benchmarkScore({ pair: 'p2', method: 'B', seed: 0 }, { accuracy: 0.2, macro_f1: null }),
  benchmarkScore({ pair: 'p1', method: 'A without a part', ablates: 'A' }, { accuracy: 0.99 }),
  benchmarkScore({ pair: 'p1', method: 'A (x 1)', varied: { x: 1 } }, { accuracy: 0.98 }),
];

describe('the tables of a benchmark', () => {
  const tables = benchmarkTables(scores);
  const row = (pair: string, method: string) => tables.pairs.find((r) => r.pair === pair && r.method === method)!;

  test('give mean and standard deviation over the seeds of each pair', () => {
    expect(row('p1', 'A').measures.accuracy).toEqual({ mean: 0.6, sd: expect.closeTo(Math.SQRT1_2 / 5, 12), count: 2 });
    expect(row('p1', 'B').measures.accuracy!.sd).toBe(0);
    expect(row('p2', 'B').measures.accuracy).toEqual({ mean: 0.2, sd: null, count: 1 });
    expect(row('p2', 'B').measures.macro_f1).toBeNull();
    expect(Object.keys(row('p1', 'A').measures)).toEqual([...measures]);
  });

  test('rank methods on each pair, equal ones sharing their rank, and leave varied ones and ablations out', () => {
    expect(row('p1', 'A').rank).toEqual({ accuracy: 1.5, macro_f1: 1 });
    expect(row('p1', 'B').rank).toEqual({ accuracy: 1.5, macro_f1: 2 });
    expect(row('p2', 'A').rank).toEqual({ accuracy: 1, macro_f1: 1 });
    expect(row('p2', 'B').rank).toEqual({ accuracy: 2, macro_f1: null });
    expect(row('p1', 'A without a part').rank).toEqual({ accuracy: null, macro_f1: null });
  });

  test('count each pair once over the pairs, however many seeds it has', () => {
    const [a] = tables.methods;
    expect(a).toMatchObject({ method: 'A', pairs: 2, meanRank: { accuracy: 1.25, macro_f1: 1 } });
    expect(a!.measures.accuracy!.mean).toBeCloseTo((0.6 + 0.85) / 2, 12);
    expect(a!.measures.accuracy!.count).toBe(2);
  });

  test('compare each two methods over the pairs that both have', () => {
    expect(tables.tests.map(({ measure, a, b, pairs }) => [measure, a, b, pairs])).toEqual([
      ['accuracy', 'A', 'B', 2],
      ['macro_f1', 'A', 'B', 1],
    ]);
    expect(tables.tests[0]!.difference).toBeCloseTo(0.65 / 2, 12);
    expect(tables.tests[0]!.signedRankP).toBe(1); // one pair differs, either sign is as far out
    expect(tables.ranks.accuracy.blocks).toBe(2);
    expect(tables.ranks.macro_f1.blocks).toBe(1);
  });

  test('of no scores are empty', () => {
    expect(benchmarkTables([])).toMatchObject({ pairs: [], methods: [], tests: [] });
    expect(spreadOf([])).toBeNull();
  });
});
