import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UNKNOWN } from '#core/data/label-transfer';
import type { RunSummaryFile } from '#compute/run-record';
import { labelPage } from '#handlers/label-page';
import { runResult, type RunTable } from '#handlers/run-table';

/** Five query cells: accepted B, rejected A, exactly on the threshold, an empty cell, accepted B. */
const table: RunTable = {
  summary: {
    version: '0.1.0',
    scenario: 'rna-atac',
    scenario_reason: 'chosen by the user',
    method: 'cellpredx',
    preset: 'recommended',
    settings: { steps: 10 },
    seed: 1,
    engine: 'wasm',
    threshold: 0.5,
    inputs: [],
    cells: { reference: 3, query: 5 },
    features: 7,
    label_counts: { predicted: {}, shown: {} },
    metrics: {
      cells_with_truth: 4,
      cells_scored: 3,
      accuracy: 2 / 3,
      macro_f1: null,
      macro_f1_union: null,
      overall_accuracy: 0.5,
      novelty_auroc: null,
      novelty_aupr: null,
      oscr: null,
    },
    timings: { train: 1.5 },
    peak_rss_bytes: 1000,
    steps: 10,
    ended: 'all-steps',
    notes: [],
  } satisfies RunSummaryFile,
  cells: { reference: ['r1', 'r2', 'r3'], query: ['q1', 'q2', 'q3', 'q4', 'q5'], labels: ['A', 'B', 'C'] },
  truth: ['B', 'X', null, 'A', 'B'],
  empty: new Set([3]),
  predicted: Int32Array.of(1, 0, 1, 0, 1),
  confidence: Float32Array.of(0.75, 0.25, 0.5, 1, 0.875),
  referenceLabel: Int32Array.of(0, 1, 1),
  before: { cells: Int32Array.of(1, 4), layout: Float32Array.of(7, 8, 9, 10), how: '2 principal components' },
  losses: { steps: [1, 2], terms: { adversarial: [Number.NaN, 0.5], total: [3, 2] } },
  layout: Float32Array.of(0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19),
};
const page = { offset: 0, limit: 100, sort: 'file' } as const;

describe('the result of a run', () => {
  const result = runResult('r', table);

  test('has the loss terms that were kept, the total first, each where it was computed', () => {
    expect(result.curves).toEqual([
      { name: 'total', steps: [1, 2], values: [3, 2] },
      { name: 'adversarial', steps: [2], values: [0.5] },
    ]);
    const steps = Array.from({ length: 1000 }, (_, i) => i + 1);
    const [long] = runResult('r', { ...table, losses: { steps, terms: { total: steps } } }).curves;
    expect(long!.steps).toHaveLength(334);
    expect([long!.steps[0], long!.values[0], long!.steps.at(-1)]).toEqual([3, 2, 1000]);
    expect(runResult('r', { ...table, losses: null }).curves).toEqual([]);
  });

  test('counts cells per label; a confidence on the threshold and an empty cell are Unknown', () => {
    expect(result.labelTable).toEqual([
      { label: 'A', referenceCells: 1, predictedCells: 2, acceptedCells: 0, meanConfidence: 0.625 },
      { label: 'B', referenceCells: 2, predictedCells: 3, acceptedCells: 2, meanConfidence: (0.75 + 0.5 + 0.875) / 3 },
      { label: 'C', referenceCells: 0, predictedCells: 0, acceptedCells: 0, meanConfidence: null },
    ]);
    expect(result.unknown).toBe(3);
    expect(result.query.empty).toEqual(Int32Array.of(3));
  });

  test('divides the map into reference and query', () => {
    expect(result.reference.layout).toEqual(Float32Array.of(0, 1, 2, 3, 4, 5));
    expect(result.query.layout).toEqual(Float32Array.of(10, 11, 12, 13, 14, 15, 16, 17, 18, 19));
    expect(runResult('r', { ...table, layout: null }).query.layout).toBeNull();
    expect(result.before).toEqual(table.before);
  });

  test('gives the truth as categories, missing as −1, and none where no column was named', () => {
    expect(result.query.truth).toEqual({ categories: ['A', 'B', 'X'], codes: Int32Array.of(1, 2, -1, 0, 1) });
    expect(runResult('r', { ...table, truth: null }).query.truth).toBeNull();
  });

  test('says on how many cells the scores are, and none without truth', () => {
    expect(result.facts.metrics).toEqual({ accuracy: 2 / 3, macroF1: null, cellsScored: 3, cellsWithTruth: 4 });
    expect(runResult('r', { ...table, summary: { ...table.summary, metrics: null } }).facts.metrics).toBeNull();
  });
});

describe('a page of the label table', () => {
  test('shows each cell with its label, its prediction and its truth', () => {
    expect(labelPage(table, { ...page, offset: 1, limit: 2 })).toEqual({
      total: 5,
      rows: [
        { place: 1, cell: 'q2', predicted: 'A', confidence: 0.25, label: UNKNOWN, truth: 'X' },
        { place: 2, cell: 'q3', predicted: 'B', confidence: 0.5, label: UNKNOWN, truth: null },
      ],
    });
  });

  test('filters by the label shown, under the threshold asked for', () => {
    const cells = (label: string, threshold?: number): string[] =>
      labelPage(table, { ...page, label, threshold }).rows.map((row) => row.cell);
    expect(cells('B')).toEqual(['q1', 'q5']);
    expect(cells(UNKNOWN)).toEqual(['q2', 'q3', 'q4']);
    expect(cells('B', 0.8)).toEqual(['q5']);
    expect(cells('A', 0)).toEqual(['q2']); // the empty cell stays Unknown at every threshold
    expect(cells('C')).toEqual([]);
  });

  test('sorts by confidence or label and keeps ties in the order of the file', () => {
    const cells = (sort: 'confidence-falling' | 'confidence-rising' | 'label'): string =>
      labelPage(table, { ...page, sort })
        .rows.map((row) => row.cell)
        .join(' ');
    expect(cells('confidence-falling')).toBe('q4 q5 q1 q3 q2');
    expect(cells('confidence-rising')).toBe('q2 q3 q1 q5 q4');
    expect(cells('label')).toBe('q1 q5 q2 q3 q4');
  });

  test('pages put together are the whole table, whatever their size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom('file', 'confidence-falling', 'confidence-rising', 'label'),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (limit, sort, threshold) => {
          const whole = labelPage(table, { ...page, sort, threshold }).rows;
          const parts = [];
          for (let offset = 0; offset < 8; offset += limit) {
            parts.push(...labelPage(table, { offset, limit, sort, threshold }).rows);
          }
          expect(parts).toEqual(whole);
        },
      ),
      { seed: 5 },
    );
  });
});
