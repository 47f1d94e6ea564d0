import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import type { LabelTransfer } from '#core/data/label-transfer';
import { explainCells, nearestRows } from '#core/interpret/explain-cells';
import { integratedGradients } from '#core/interpret/integrated-gradients';
import { CONTRADICTING, KEPT, strongestPerCell, SUPPORTING } from '#core/interpret/strongest-per-cell';
import { simulatedPair } from '#test/support/simulated-pair';

describe('the strongest features of each cell', () => {
  test('are those of its integrated gradients: largest and smallest, none of them twice', async () => {
    const { pair } = simulatedPair(4, { features: 60, labels: 3, query: 25 });
    const random = new Random(4);
    const normals = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal());
    const model = {
      width: 5,
      encoder: normals(5 * pair.features.length),
      encoderBias: normals(5),
      classifier: normals(15),
      classifierBias: normals(3),
    };
    const predicted = Int32Array.from({ length: 25 }, () => random.below(3));
    const transfer = { labels: pair.labels, query: { predicted } } as unknown as LabelTransfer;
    const pieces: number[] = [];
    for await (const piece of strongestPerCell(model, pair, transfer)) pieces.push(...piece);
    expect(pieces).toHaveLength(25 * KEPT * 2);
    const explain = integratedGradients(model);
    const { indptr, indices, values } = pair.query.input;
    for (let cell = 0; cell < 25; cell++) {
      const own = indices.subarray(indptr[cell], indptr[cell + 1]);
      const { attributions } = explain(own, values.subarray(indptr[cell], indptr[cell + 1]), predicted[cell]!);
      const of = (from: number, to: number): [number, number][] =>
        Array.from({ length: to - from }, (_, i): [number, number] => {
          const at = 2 * (cell * KEPT + from + i);
          return [pieces[at]!, pieces[at + 1]!];
        }).filter(([feature]) => feature >= 0);
      const all = Array.from(own, (feature, i): [number, number] => [feature, Math.fround(attributions[i]!)]);
      const falling = (a: [number, number], b: [number, number]): number => b[1] - a[1];
      const positive = all.filter(([, value]) => value > 0).sort(falling);
      const negative = all.filter(([, value]) => value < 0).sort((a, b) => falling(b, a));
      expect(of(0, SUPPORTING).sort(falling)).toEqual(positive.slice(0, SUPPORTING));
      expect(of(SUPPORTING, SUPPORTING + CONTRADICTING).sort((a, b) => falling(b, a))).toEqual(
        negative.slice(0, CONTRADICTING),
      );
    }
  });

  test('of one cell are its explanation, and of two cells the mean', () => {
    const row = (...pairs: [number, number][]): number[] =>
      Array.from({ length: KEPT }, (_, i) => pairs[i] ?? [-1, 0]).flat();
    const first = row([3, 0.5], [7, 0.25], [1, -0.25]);
    const second = row([3, 0.25], [7, -0.5]);
    expect(explainCells(Float32Array.from(first), 5)).toEqual({
      supporting: [
        { feature: 3, meanAttribution: 0.5, fraction: 1 },
        { feature: 7, meanAttribution: 0.25, fraction: 1 },
      ],
      contradicting: [{ feature: 1, meanAttribution: -0.25, fraction: 1 }],
    });
    expect(explainCells(Float32Array.from([...first, ...second]), 1)).toEqual({
      supporting: [{ feature: 3, meanAttribution: 0.375, fraction: 1 }],
      contradicting: [{ feature: 1, meanAttribution: -0.125, fraction: 0.5 }],
    });
    expect(explainCells(new Float32Array(), 3)).toEqual({ supporting: [], contradicting: [] });
  });
});

test('the nearest rows are those of sorting all by distance', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e6 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 12 }),
      (seed, rows, k) => {
        const random = new Random(seed);
        const table = Float32Array.from({ length: rows * 2 }, () => random.below(6));
        const row = [random.below(6), random.below(6)];
        const apart = (other: number): number =>
          (table[2 * other]! - row[0]!) ** 2 + (table[2 * other + 1]! - row[1]!) ** 2;
        const sorted = Array.from({ length: rows }, (_, other) => other).sort((a, b) => apart(a) - apart(b) || a - b);
        expect([...nearestRows(table, 2, row, k)]).toEqual(sorted.slice(0, k));
      },
    ),
    { numRuns: 100 },
  );
});
