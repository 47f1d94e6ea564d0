import { describe, expect, test } from 'vitest';
import type { AlignedPair } from '#core/data/aligned-pair';
import type { LabelTransfer } from '#core/data/label-transfer';
import { Random } from '#core/base/random';
import { takeRows } from '#core/data/csr-matrix';
import { methodViews } from '#core/method-views';
import { exactNeighbours } from '#core/prepare/exact-neighbours';
import type { LayoutEngine } from '#core/prepare/layout';
import { simulatePair } from '#core/simulate/simulate-pair';

const place: LayoutEngine['umap'] = (values, width) =>
  Promise.resolve({ places: Float32Array.from({ length: (2 * values.length) / width }, (_, i) => i), sketch: null });
const layout: LayoutEngine = { umap: place, tsne: place, close: () => Promise.resolve() };
const services = { neighbours: exactNeighbours, layout, seed: 4, signal: new AbortController().signal };

/** Two studies of the simulator whose learned space is noise, which is as mixed as can be. */
function given(referenceCells: number, queryCells: number, genes = 200) {
  const made = simulatePair({
    ...{ seed: 2, genes, peaks: 20 },
    ...{ referenceCells: Math.max(20, referenceCells), queryCells: Math.max(20, queryCells) },
  });
  const random = new Random(6);
  const side = (cells: readonly string[]) => ({
    ...{ cells, width: 3, probabilities: new Float32Array(2 * cells.length).fill(0.5) },
    embedding: Float32Array.from({ length: 3 * cells.length }, () => random.normal()),
  });
  const rows = ({ matrix, cells }: typeof made.reference, count: number) => {
    const counts = takeRows(
      matrix,
      Int32Array.from({ length: count }, (_, row) => row),
    );
    return { counts, input: counts, cells: cells.ids.slice(0, count) };
  };
  const pair: AlignedPair = {
    ...{ scenario: 'rna-rna', features: made.reference.features.names, labels: ['a', 'b'], notes: [] },
    reference: {
      ...rows(made.reference, referenceCells),
      label: Int32Array.from({ length: referenceCells }, (_, cell) => cell % 2),
    },
    query: { ...rows(made.query, queryCells), neighbours: { k: 0, indices: new Int32Array(0) } },
  };
  const transfer: LabelTransfer = {
    labels: ['a', 'b'],
    reference: side(made.reference.cells.ids.slice(0, referenceCells)),
    query: {
      ...side(made.query.cells.ids.slice(0, queryCells)),
      predicted: Int32Array.from({ length: queryCells }, () => random.below(2)),
      confidence: new Float32Array(queryCells).fill(0.5),
    },
  };
  return { studies: { reference: made.reference, query: made.query }, pair, transfer };
}

describe('methodViews', () => {
  test('looks at all cells of small studies and finds noise mixed, studies of other depth less so', async () => {
    const { studies, pair, transfer } = given(150, 120);
    const { mixing, learnedGraph } = await methodViews(studies, pair, transfer, services);
    expect(Array.from(mixing.cells)).toEqual(Array.from({ length: 270 }, (_, cell) => cell));
    expect(mixing.rawPlaces).toHaveLength(540);
    expect(mixing.learned.neighbours).toBeGreaterThan(0.9);
    expect(mixing.learned.neighbours).toBeLessThan(1.1);
    expect(Math.abs(mixing.learned.silhouetteStudy!)).toBeLessThan(0.05);
    expect(mixing.raw.neighbours).toBeLessThan(mixing.learned.neighbours!);
    expect(learnedGraph.graph.k).toBe(15);
    expect(learnedGraph.graph.indices).toHaveLength(15 * 120);
    expect(learnedGraph.cells).toHaveLength(120);
  });

  test('takes a sample of larger studies in which each keeps its share, the same for the same seed', async () => {
    const { studies, pair, transfer } = given(1600, 800);
    const { raw, mixing } = await methodViews(studies, pair, transfer, services);
    expect(Array.from(raw.cells)).toEqual(Array.from({ length: 2400 }, (_, cell) => cell));
    expect(raw.places).toHaveLength(4800);
    expect(raw.how).toBe('50 principal components');
    mixing.cells.forEach((cell, row) => {
      expect(mixing.rawPlaces.subarray(2 * row, 2 * row + 2)).toEqual(raw.places.subarray(2 * cell, 2 * cell + 2));
    });
    expect(mixing.total).toBe(2400);
    expect(mixing.cells).toHaveLength(2000);
    expect(mixing.cells.filter((cell) => cell < 1600).length / 2000).toBeCloseTo(2 / 3, 2);
    expect((await methodViews(studies, pair, transfer, services)).mixing.cells).toEqual(mixing.cells);
  });

  test('lays out at most 10 000 cells, each study by its share, in fewer rounds the more they are', async () => {
    const asked: unknown[] = [];
    const large = given(6200, 4100, 30);
    const watched: LayoutEngine = { ...layout, umap: (...args) => (asked.push(args[2]), place(...args)) };
    const sampled = await methodViews(large.studies, large.pair, large.transfer, { ...services, layout: watched });
    expect(sampled.raw.cells).toHaveLength(10_000);
    expect(sampled.raw.cells.filter((cell) => cell < 6200).length / 10_000).toBeCloseTo(6200 / 10_300, 2);
    expect(sampled.mixing.cells).toHaveLength(2000);
    expect(asked).toEqual([expect.objectContaining({ epochs: 100, neighbours: 15 })]);
  });

  test('makes do with two cells a side', async () => {
    const { studies, pair, transfer } = given(2, 2);
    const { mixing, learnedGraph } = await methodViews(studies, pair, transfer, services);
    expect(mixing.cells).toHaveLength(4);
    expect(learnedGraph.graph.k).toBe(1);
  });
});
