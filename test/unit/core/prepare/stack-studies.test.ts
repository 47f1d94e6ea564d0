import { describe, expect, test } from 'vitest';
import { columnTexts } from '#core/data/column';
import { stackStudies } from '#core/prepare/stack-studies';
import { denseOf } from '#test/support/arbitrary-matrix';
import { inMemory } from '#test/support/stored-rows';
import { studyOf, textColumn } from './small-study.ts';

const first = studyOf({
  name: 'a.h5ad',
  genes: ['G1', 'G2', 'G3'],
  dense: [
    [1, 2, 3],
    [4, 0, 6],
  ],
  columns: {
    cell_type: textColumn(['T', 'B']),
    batch: textColumn(['x', 'y']),
    depth: { kind: 'number', values: Float64Array.of(6, 10) },
  },
  embeddings: new Map([['X_umap', { width: 2, values: Float32Array.of(1, 2, 3, 4) }]]),
});
const second = studyOf({
  name: 'b.h5ad',
  genes: ['G3', 'g1', 'G9'],
  dense: [[7, 8, 9]],
  columns: {
    cell_type: { kind: 'categories', codes: Int32Array.of(-1), categories: ['T'], ordered: false },
    keep: { kind: 'boolean', values: Uint8Array.of(1) },
  },
  embeddings: new Map([['X_umap', { width: 2, values: Float32Array.of(5, 6) }]]),
});

describe('stacked studies', () => {
  const stacked = stackStudies([first, second]);

  test('hold the cells of all on the features of all, named as in the first', () => {
    expect(stacked.features.ids).toEqual(['G1', 'G3']);
    expect(denseOf(inMemory(stacked.matrix))).toEqual([
      [1, 3],
      [4, 6],
      [8, 7],
    ]);
  });

  test('say in a batch column where a cell comes from, and keep a column of that name', () => {
    expect(columnTexts(stacked.cells.columns.get('batch')!)).toEqual(['a.h5ad', 'a.h5ad', 'b.h5ad']);
    expect(columnTexts(stacked.cells.columns.get('batch (in file)')!)).toEqual(['x', 'y', null]);
  });

  test('join columns of one name; a file without it is missing there', () => {
    expect(columnTexts(stacked.cells.columns.get('cell_type')!)).toEqual(['T', 'B', null]);
    expect(stacked.cells.columns.get('depth')).toEqual({ kind: 'number', values: Float64Array.of(6, 10, NaN) });
    expect(stacked.cells.columns.get('keep')).toEqual({ kind: 'boolean', values: Uint8Array.of(2, 2, 1) });
  });

  test('put the file name in front of cell names only where two files share one', () => {
    expect(stacked.cells.ids).toEqual(['a.h5ad:cell0', 'a.h5ad:cell1', 'b.h5ad:cell0']);
    const other = { ...second, cells: { ...second.cells, ids: ['z'] } };
    expect(stackStudies([first, other]).cells.ids).toEqual(['cell0', 'cell1', 'z']);
  });

  test('tell two files of the same name apart', () => {
    const twin = { ...second, name: 'a.h5ad' };
    expect(stackStudies([first, twin]).cells.ids.at(-1)).toBe('a.h5ad (2):cell0');
  });

  test('keep embeddings that all have', () => {
    expect(stacked.embeddings.get('X_umap')!.values).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    expect(stackStudies([first, { ...second, embeddings: new Map() }]).embeddings.size).toBe(0);
  });

  test('of one study are that study', () => {
    expect(stackStudies([first])).toBe(first);
  });

  test('of three keep what all three share', () => {
    const third = studyOf({ name: 'c.h5ad', genes: ['G3', 'G2'], dense: [[1, 1]] });
    expect(stackStudies([first, second, third]).features.ids).toEqual(['G3']);
  });

  test('of different kinds of values are refused', () => {
    expect(() => stackStudies([first, { ...second, valueKind: 'log-normalised' }])).toThrow(
      'a.h5ad holds counts values and b.h5ad holds log-normalised values',
    );
  });

  test('without a common feature are refused', () => {
    const other = studyOf({ name: 'd.h5ad', genes: ['Z1'], dense: [[1]] });
    expect(() => stackStudies([first, other])).toThrow('have no feature name in common');
  });
});
