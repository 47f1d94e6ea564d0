import { describe, expect, test } from 'vitest';
import { type CsrMatrix, takeRows } from '#core/data/csr-matrix';
import type { LabelTransfer } from '#core/data/label-transfer';
import { cellPredXModel } from '#core/methods/cellpredx/model';
import { applyThreshold } from '#core/transfer/apply-threshold';
import { noveltyScores } from '#core/transfer/novelty-scores';
import { smoothLabels, unitRows } from '#core/transfer/smooth-labels';
import { mostProbable, transferLabels } from '#core/transfer/transfer-labels';
import type { TrainedModel } from '#core/train/method';
import { simulatedPair } from '#test/support/simulated-pair';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

/** A model made by hand: feature f speaks for label f modulo 4. */
function handMadeModel(features: readonly string[]): TrainedModel {
  const encoder = new Float32Array(features.length * 4);
  features.forEach((_, feature) => (encoder[feature * 4 + (feature % 4)] = 0.5));
  return cellPredXModel({
    labels: ['label0', 'label1', 'label2', 'label3'],
    features,
    steps: 0,
    ended: 'all-steps',
    settings: {},
    width: 4,
    encoder,
    encoderBias: Float32Array.of(0, 0, 0.1, 0),
    classifier: Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
    classifierBias: new Float32Array(4),
  });
}

/** The same matrix with the first row emptied. */
function firstRowEmpty(matrix: CsrMatrix): CsrMatrix {
  const from = matrix.indptr[1]!;
  return {
    ...matrix,
    indptr: matrix.indptr.map((end) => Math.max(0, end - from)),
    indices: matrix.indices.slice(from),
    values: matrix.values.slice(from),
  };
}

const { pair, truth } = simulatedPair(2, { reference: 40, query: 60 });

describe('transferred labels', () => {
  test('are the most probable ones, with their probability as confidence, for cells in their order', async () => {
    const { query, reference, labels } = await transferLabels(handMadeModel(pair.features), pair);
    expect([query.cells, reference.cells]).toEqual([pair.query.cells, pair.reference.cells]);
    expect(query.embedding).toHaveLength(60 * query.width);
    expect(reference.probabilities).toHaveLength(40 * 4);
    query.predicted.forEach((label, cell) => {
      const row = query.probabilities.slice(cell * 4, cell * 4 + 4);
      expect(query.confidence[cell]).toBe(Math.max(...row));
      expect(row[label]).toBe(query.confidence[cell]);
      expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    });
    expect(labels).toHaveLength(4);
    expect(query.predicted.filter((label, cell) => label === truth[cell]).length).toBeGreaterThan(50);
  });

  test('do not depend on how many rows are encoded at once', async () => {
    const rows = Int32Array.from({ length: 4200 }, (_, i) => i % 60); // more than one batch of rows
    const model = handMadeModel(pair.features);
    const [many, few] = [await model.apply({ input: takeRows(pair.query.input, rows) }), await model.apply(pair.query)];
    expect(many.probabilities.slice(4140 * 4)).toEqual(few.probabilities);
  });

  test('flag cells without any value, which are Unknown at every threshold', async () => {
    const counts = firstRowEmpty(pair.query.counts);
    const query = { ...pair.query, counts, input: counts };
    const transfer = await transferLabels(handMadeModel(pair.features), { ...pair, query });
    expect(Array.from(transfer.query.empty!.slice(0, 3))).toEqual([1, 0, 0]);
    expect(transfer.query.predicted[0]).toBe(2); // the bias alone decides
    expect(applyThreshold(transfer, 0)[0]).toBe('Unknown');
    expect(applyThreshold(transfer, 0).slice(1)).not.toContain('Unknown');
  });

  test('stop when the signal is aborted', async () => {
    const run = transferLabels(handMadeModel(pair.features), pair, { signal: AbortSignal.abort() });
    await expect(run).rejects.toThrow('Cancelled');
  });
});

/** A transfer with given probabilities [cells, 3]; embeddings are not looked at. */
function transferOf(probabilities: number[][]): LabelTransfer {
  const flat = Float32Array.from(probabilities.flat());
  const cells = probabilities.map((_, i) => `c${i}`);
  const embedded = { cells, width: 1, embedding: new Float32Array(cells.length), probabilities: flat };
  return { labels: ['a', 'b', 'c'], reference: embedded, query: { ...embedded, ...mostProbable(flat, 3) } };
}

describe('the threshold', () => {
  const transfer = transferOf([
    [0.5, 0.25, 0.25],
    [0.1, 0.15, 0.75],
  ]);

  test('keeps labels whose confidence exceeds it and not those that reach it', () => {
    expect(applyThreshold(transfer, 0.5)).toEqual(['Unknown', 'c']);
    expect(applyThreshold(transfer, 0.49)).toEqual(['a', 'c']);
    expect(applyThreshold(transfer, 1)).toEqual(['Unknown', 'Unknown']);
  });

  test('of two equal probabilities the first label wins', () => {
    expect(mostProbable(Float32Array.of(0.2, 0.4, 0.4), 3).predicted[0]).toBe(1);
  });

  test('novelty is what is missing to certainty', () => {
    expect(Array.from(noveltyScores(transfer))).toEqual([0.5, 0.25]);
  });
});

describe('smoothed labels', () => {
  test('are the majority of the cell and its neighbours, the smaller label number among equals', () => {
    const transfer = transferOf([
      [0.2, 0.7, 0.1],
      [0.8, 0.1, 0.1],
      [0.8, 0.1, 0.1],
      [0.1, 0.2, 0.7],
    ]);
    const { query } = smoothLabels(transfer, { k: 2, indices: Int32Array.of(1, 2, 0, 2, 0, 1, 0, 1) });
    expect(Array.from(query.predicted)).toEqual([0, 0, 0, 0]); // the last has one vote for each label
    expect(query.confidence[0]).toBeCloseTo(0.2, 6);
    expect(query.probabilities).toBe(transfer.query.probabilities);
  });

  test('stay as they are without neighbours', () => {
    const transfer = transferOf([[0.1, 0.2, 0.7]]);
    expect(smoothLabels(transfer, { k: 0, indices: new Int32Array(0) }).query.predicted).toEqual(
      transfer.query.predicted,
    );
  });

  test('unit rows have length one, and a zero row stays zero', () => {
    expect(Array.from(unitRows(Float32Array.of(3, 4, 0, 0), 2))).toEqual([
      expect.closeTo(0.6, 6),
      expect.closeTo(0.8, 6),
      0,
      0,
    ]);
  });
});
