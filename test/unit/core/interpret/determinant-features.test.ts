import { describe, expect, test } from 'vitest';
import type { TrainedModel } from '#core/train/method';
import { cellPredXModel } from '#core/methods/cellpredx/model';
import { determinantFeatures } from '#core/interpret/determinant-features';
import { transferLabels } from '#core/transfer/transfer-labels';
import type { LabelTransfer } from '#core/data/label-transfer';
import { simulatedPair } from '#test/support/simulated-pair';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const { pair } = simulatedPair(2, { reference: 40, query: 60 });

/** Feature f raises label f modulo 4 and lowers the others a little. */
function model(): TrainedModel {
  const encoder = new Float32Array(pair.features.length * 4).fill(-0.05);
  pair.features.forEach((_, feature) => (encoder[feature * 4 + (feature % 4)] = 0.2));
  return cellPredXModel({
    labels: pair.labels,
    features: pair.features,
    steps: 0,
    ended: 'all-steps',
    settings: {},
    width: 4,
    encoder,
    encoderBias: new Float32Array(4),
    classifier: Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
    classifierBias: new Float32Array(4),
  });
}

describe('determinant features', () => {
  test('are those that raise the label, ranked by the cells that have them among their strongest', async () => {
    const transfer = await transferLabels(model(), pair);
    const found = await determinantFeatures(model(), pair, transfer, { perCell: 8, perLabel: 10 });
    for (const label of pair.labels) {
      const own = found.filter((row) => row.label === label);
      const cells = transfer.query.predicted.filter((k) => pair.labels[k] === label).length;
      expect(own.map((row) => row.rank)).toEqual(own.map((_, i) => i + 1));
      expect(own.length).toBeLessThanOrEqual(10);
      own.forEach((row, i) => {
        expect(Number(row.feature.slice(4)) % 4).toBe(pair.labels.indexOf(label));
        expect(row.fraction).toBeCloseTo(row.cells / cells, 10);
        expect(row.fraction).toBeLessThanOrEqual(row.detectionRate + 1e-12); // a feature without a value never counts
        expect(row.meanAttribution).toBeGreaterThan(0);
        expect(row.logFoldChange).toBeGreaterThan(0);
        if (i > 0) expect(row.cells).toBeLessThanOrEqual(own[i - 1]!.cells);
      });
    }
  });

  test('of centred input are those found when the shift is written into the bias', async () => {
    const shift = Float32Array.from(pair.features, (_, feature) => ((feature % 5) - 2) / 20);
    const centred = { ...pair, query: { ...pair.query, shift } };
    const plain = model();
    const bias = new Float32Array(4);
    shift.forEach((by, f) => bias.forEach((_, j) => (bias[j]! += by * plain.affine!.encoder[f * 4 + j]!)));
    const moved = cellPredXModel({ ...plain.affine!, ...plain, encoderBias: bias, settings: {} });
    const transfer = await transferLabels(model(), centred);
    const expected = await determinantFeatures(moved, pair, transfer);
    const found = await determinantFeatures(model(), centred, transfer);
    expect(found.map(({ label, feature, cells }) => [label, feature, cells])).toEqual(
      expected.map(({ label, feature, cells }) => [label, feature, cells]),
    );
    for (const row of found) expect(row.fraction).toBeLessThanOrEqual(row.detectionRate + 1e-12);
  });

  test('count at most so many features per cell as asked for', async () => {
    const transfer = await transferLabels(model(), pair);
    const found = await determinantFeatures(model(), pair, transfer, { perCell: 3, perLabel: 1000 });
    for (const [k, label] of pair.labels.entries()) {
      const counted = found.filter((row) => row.label === label).reduce((sum, row) => sum + row.cells, 0);
      expect(counted).toBeLessThanOrEqual(3 * transfer.query.predicted.filter((predicted) => predicted === k).length);
    }
  });

  test('count 50 features per cell without being told', async () => {
    const transfer = await transferLabels(model(), pair);
    const all = await determinantFeatures(model(), pair, transfer, { perLabel: 1000 });
    const fifty = await determinantFeatures(model(), pair, transfer, { perLabel: 1000, perCell: 50 });
    const fewer = await determinantFeatures(model(), pair, transfer, { perLabel: 1000, perCell: 3 });
    expect(all).toEqual(fifty);
    expect(all).not.toEqual(fewer);
  });

  test('of a label that no cell received are none', async () => {
    const transfer = await transferLabels(model(), pair);
    const all = { ...transfer, query: { ...transfer.query, predicted: transfer.query.predicted.map(() => 1) } };
    const found = await determinantFeatures(model(), pair, all);
    expect(new Set(found.map((row) => row.label))).toEqual(new Set(['label1']));
    expect(found.every((row) => row.logFoldChange === null)).toBe(true); // there are no other cells to compare with
  });

  test('with absolute ranking also name features that speak against the label', async () => {
    const transfer = await transferLabels(model(), pair);
    const found = await determinantFeatures(model(), pair, transfer, {
      ranking: 'absolute',
      perCell: 1000,
      perLabel: 1000,
    });
    expect(found.some((row) => row.meanAttribution < 0)).toBe(true);
  });

  test('with truth look at cells that agree with it only', async () => {
    const transfer: LabelTransfer = await transferLabels(model(), pair);
    const truth = transfer.query.predicted.reduce<(string | null)[]>((all, k, cell) => {
      all.push(cell % 2 === 0 ? pair.labels[k]! : null);
      return all;
    }, []);
    const found = await determinantFeatures(model(), pair, transfer, { truth });
    const most = Math.max(...found.map((row) => row.cells));
    expect(most).toBeLessThanOrEqual(truth.filter((label) => label !== null).length);
    expect(found.every((row) => row.fraction <= 1)).toBe(true);
  });

  test('of a method without an affine model are none', async () => {
    const transfer = await transferLabels(model(), pair);
    expect(await determinantFeatures({ ...model(), affine: null }, pair, transfer)).toEqual([]);
  });
});
