import { describe, expect, test } from 'vitest';
import { assess } from '#core/assess/assess';
import { evaluateLabels } from '#core/assess/evaluate-labels';
import { keyGeneHits, meanHitRate } from '#core/assess/key-gene-hits';
import { oscr } from '#core/assess/novelty';
import { partitionAgreement } from '#core/assess/partition-agreement';
import { silhouettes } from '#core/assess/silhouettes';
import { topDifferentialFeatures } from '#core/assess/top-differential-features';
import type { LabelTransfer } from '#core/data/label-transfer';

/** Two labels, six query cells of which the last two are of a label the reference lacks; the embedding is a line. */
const transfer: LabelTransfer = {
  labels: ['B cell', 'T cell'],
  query: {
    cells: ['q1', 'q2', 'q3', 'q4', 'q5', 'q6'],
    width: 1,
    embedding: Float32Array.of(0, 0.1, 5, 5.1, 2, 2.1),
    probabilities: Float32Array.of(0.9, 0.1, 0.8, 0.2, 0.3, 0.7, 0.05, 0.95, 0.5, 0.5, 0.6, 0.4),
    predicted: Int32Array.of(0, 0, 1, 1, 0, 0),
    confidence: Float32Array.of(0.9, 0.8, 0.7, 0.95, 0.5, 0.6),
  },
  reference: {
    cells: ['r1', 'r2'],
    width: 1,
    embedding: Float32Array.of(0, 5),
    probabilities: Float32Array.of(1, 0, 0, 1),
  },
};
const truth = ['B cell', 'B cell', 'T cell', 'B cell', 'NK cell', null];
const options = { threshold: 0.75, seed: 1, referenceLabel: Int32Array.of(0, 1) };

describe('assess', () => {
  const scores = assess(transfer, truth, options);

  test('tells cells with and without truth, shared and novel labels apart', () => {
    expect(scores.cells).toEqual({ query: 6, withTruth: 5, shared: 4, novel: 1 });
    expect(scores.sharedLabels).toEqual(['B cell', 'T cell']);
    expect(scores.novelLabels).toEqual(['NK cell']);
  });

  test('scores shared cells in the closed set and counts novel cells as wrong overall', () => {
    expect(scores.closed.accuracy).toBe(3 / 4);
    expect(scores.overallAccuracy).toBe(3 / 5);
    expect(scores.closed.macroF1).toBeCloseTo((0.8 + 2 / 3) / 2, 12);
  });

  test('says how many cells the threshold accepts and rejects, by "does not exceed"', () => {
    expect(scores.rejection).toEqual({ threshold: 0.75, sharedAccepted: 3, sharedAcceptedRight: 2, novelRejected: 1 });
    const strict = assess(transfer, truth, { ...options, threshold: transfer.query.confidence[0]! });
    expect(strict.rejection?.sharedAccepted).toBe(1);
  });

  test('takes a cell without any value as Unknown at every threshold', () => {
    const empty = Uint8Array.of(1, 0, 0, 0, 0, 0);
    const withEmpty = assess({ ...transfer, query: { ...transfer.query, empty } }, truth, { threshold: 0, seed: 1 });
    expect(withEmpty.rejection).toMatchObject({ sharedAccepted: 3, novelRejected: 0 });
    expect(withEmpty.closed).toEqual(scores.closed);
  });

  test('finds the novel cell below every shared one', () => {
    expect(scores.novelty?.auroc).toBe(1);
    expect(scores.novelty?.aupr).toBe(1);
    expect(scores.novelty?.auprBaseline).toBe(1 / 5);
    expect(scores.novelty?.oscr).toBeCloseTo(scores.closed.accuracy!, 12);
  });

  test('computes silhouettes on cells with a known label of both studies', () => {
    expect(scores.embedding?.cellsUsed).toBe(7);
    expect(scores.embedding?.cellsTotal).toBe(7);
    expect(scores.embedding?.silhouetteLabel).toBeGreaterThan(0);
    expect(assess(transfer, truth, { threshold: 0.75, seed: 1 }).embedding).toBeNull();
  });

  test('uses a stratified sample, and says so, above the limit', () => {
    const few = assess(transfer, truth, { ...options, silhouetteCells: 5 });
    expect(few.embedding?.cellsUsed).toBeLessThan(7);
    expect(few.embedding?.cellsTotal).toBe(7);
    expect(assess(transfer, truth, { ...options, silhouetteCells: 5 })).toEqual(few);
  });

  test('puts shared labels before novel ones in the confusion matrix', () => {
    expect(scores.confusion.rows).toEqual(['B cell', 'T cell', 'NK cell']);
    expect(scores.confusion.columns).toEqual(['B cell', 'T cell']);
    expect(scores.confusion.counts).toEqual([2, 1, 0, 1, 1, 0]);
  });

  test('is plain JSON without NaN', () => {
    expect(JSON.parse(JSON.stringify(scores))).toEqual(scores);
  });

  test('refuses a truth list or reference labels of another length', () => {
    expect(() => assess(transfer, truth.slice(1), options)).toThrow('6 predicted labels for 5 true ones');
    expect(() => assess(transfer, truth, { ...options, referenceLabel: Int32Array.of(0) })).toThrow(
      '1 labels for 2 reference cells',
    );
  });

  test('gives null for what is not defined when no truth is known', () => {
    const none = assess(transfer, [null, null, null, null, null, null], options);
    expect(none.closed.accuracy).toBeNull();
    expect(none.closed.macroF1).toBeNull();
    expect(none.closed.ari).toBeNull();
    expect(none.overallAccuracy).toBeNull();
    expect(none.novelty).toBeNull();
    expect(none.confusion.rows).toEqual([]);
    expect(none.rare.every(({ meanF1 }) => meanF1 === null)).toBe(true);
  });

  test('gives null novelty scores when the query has only novel labels', () => {
    const all = assess(transfer, ['x', 'x', 'x', 'y', 'y', 'y'], options);
    expect(all.novelty).toBeNull();
    expect(all.closed.accuracy).toBeNull();
    expect(all.overallAccuracy).toBe(0);
  });
});

describe('evaluateLabels', () => {
  test('counts a predicted label that is never true in macroF1 but not in macroF1TrueLabels', () => {
    const { closed } = evaluateLabels(['a', 'a', 'c', 'b'], ['a', 'a', 'b', 'b']);
    expect(closed.macroF1).toBeCloseTo((1 + 2 / 3 + 0) / 3, 12);
    expect(closed.macroF1TrueLabels).toBeCloseTo((1 + 2 / 3) / 2, 12);
  });

  test('takes every true label as shared when the reference labels are not known', () => {
    const scores = evaluateLabels(['a', 'a'], ['a', 'z']);
    expect(scores.sharedLabels).toEqual(['a', 'z']);
    expect(scores.novelLabels).toEqual([]);
    expect(scores.closed.accuracy).toBe(0.5);
    expect(scores.rejection).toBeNull();
  });

  test('refuses lists of different length', () => {
    expect(() => evaluateLabels(['a'], [])).toThrow('1 predicted labels for 0 true ones');
    expect(() => evaluateLabels(['a'], ['a'], { confidence: [] })).toThrow('0 confidences for 1 cells');
  });
});

describe('partitionAgreement', () => {
  test('gives 1 for two one-part or two single-cell partitions, 0 for one part against several, null without cells', () => {
    expect(partitionAgreement(['a', 'a'], ['b', 'b'])).toMatchObject({ ari: 1, nmiArithmetic: 1, amiMax: 1 });
    expect(partitionAgreement(['a', 'b'], ['c', 'd'])).toMatchObject({ ari: 1, nmiArithmetic: 1, amiArithmetic: 1 });
    expect(partitionAgreement(['a', 'a', 'a'], ['b', 'c', 'c'])).toMatchObject({ ari: 0, nmiGeometric: 0, amiMax: 0 });
    expect(partitionAgreement([], [])).toBeNull();
  });

  test('stays finite for a hundred thousand cells', () => {
    const first = Array.from({ length: 100_000 }, (_, i) => `t${i % 7}`);
    const second = Array.from({ length: 100_000 }, (_, i) => `t${(i + (i % 11 === 0 ? 1 : 0)) % 7}`);
    const scores = partitionAgreement(first, second)!;
    expect(scores.amiArithmetic).toBeGreaterThan(0.7);
    expect(scores.amiArithmetic).toBeLessThan(scores.nmiArithmetic);
  });
});

describe('oscr', () => {
  test('is null without shared or without novel cells', () => {
    expect(oscr({ sharedConfidence: [], sharedRight: [], novelConfidence: [0.5] })).toBeNull();
    expect(oscr({ sharedConfidence: [0.5], sharedRight: [true], novelConfidence: [] })).toBeNull();
  });
});

describe('silhouettes', () => {
  test('counts a cell alone in its group as 0 and leaves out cells numbered −1', () => {
    // Cells at 0, 1 | 10 | left out: s = (9.5−1)… written out: a = 1, b = 10 and 9; the third is alone.
    const [score] = silhouettes(Float32Array.of(0, 1, 10, 3), 1, [[0, 0, 1, -1]]);
    expect(score).toBeCloseTo((9 / 10 + 8 / 9 + 0) / 3, 6);
  });

  test('counts cells that all lie in one place as 0', () => {
    expect(silhouettes(new Float32Array(8), 2, [[0, 0, 1, 1]])).toEqual([0]);
  });

  test('refuses numbers that are no whole rows', () => {
    expect(() => silhouettes(new Float32Array(5), 2, [])).toThrow('5 numbers are no rows of 2');
    expect(() => silhouettes(new Float32Array(4), 2, [[0]])).toThrow('1 group numbers for 2 cells');
  });
});

describe('keyGeneHits', () => {
  test('counts only markers that are features and says how many those are', () => {
    const hits = keyGeneHits(
      ['CD3E', 'MS4A1', 'LYZ', 'NKG7'],
      new Map([
        ['T', ['CD3E', 'LYZ']],
        ['B', ['MS4A1']],
      ]),
      new Map([['T', ['CD3E', 'CD8A']]]),
    );
    expect(hits[0]).toEqual({
      label: 'T',
      determinants: 2,
      markers: 1,
      hits: 1,
      rate: 1,
      expectedHits: 0.5,
      expectedRate: 0.5,
    });
    expect(hits[1]).toMatchObject({ label: 'B', markers: 0, rate: null, expectedRate: null });
    expect(meanHitRate(hits)).toBe(1);
    expect(meanHitRate([])).toBeNull();
  });
});

describe('topDifferentialFeatures', () => {
  // Four cells, three features, dense rows [2 0 1], [3 0 1], [0 1 1], [0 2 1]; the fifth has no label.
  const values = {
    rows: 5,
    columns: 3,
    indptr: Float64Array.of(0, 2, 4, 6, 8, 9),
    indices: Uint32Array.of(0, 2, 0, 2, 1, 2, 1, 2, 1),
    values: Float32Array.of(2, 1, 3, 1, 1, 1, 2, 1, 100),
  };

  test('ranks features that are higher inside a label and leaves out constant ones and cells without label', () => {
    expect(topDifferentialFeatures(values, [0, 0, 1, 1, -1], 2)).toEqual([[0], [1]]);
  });

  test('gives an empty list for a label of fewer than two cells', () => {
    expect(topDifferentialFeatures(values, [0, 1, 1, 1, -1], 3)).toEqual([[], [], []]);
  });
});
