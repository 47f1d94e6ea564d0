import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Column } from '#core/data/column';
import { columnTexts } from '#core/data/column';
import { cellColumnNames, cellColumns, isCellColumnArray } from '#compute/cell-columns';

const none = { ids: ['r'], columns: new Map<string, Column>() };

/** The columns of a query whose cells are all wanted, unless some are named. */
function ofQuery(
  columns: Record<string, Column>,
  ids: readonly string[],
  wanted = ids,
  most?: Parameters<typeof cellColumns>[2],
) {
  const made = cellColumns(
    { reference: none, query: { ids, columns: new Map(Object.entries(columns)) } },
    { reference: ['r'], query: wanted },
    most,
  );
  return { ...made.note.query, arrays: made.arrays };
}

function written(arrays: ReturnType<typeof ofQuery>['arrays'], kind: 'number' | 'categories'): number[][] {
  const array = arrays[cellColumnNames('query')[kind]];
  return array === undefined
    ? []
    : Array.from(array.pieces() as Iterable<Float32Array | Int16Array>, (piece) => [...piece]);
}

const ids = Array.from({ length: 40 }, (_, cell) => `c${cell}`);
const text = (value: (cell: number) => string | null): Column => ({
  kind: 'text',
  values: ids.map((_, cell) => value(cell)),
});

describe('the columns of cells that a run keeps', () => {
  test('are numbers and names; truth values are names, empty texts are none, clusters are sorted as people count', () => {
    const { kept, leftOut, arrays } = ofQuery(
      {
        cluster: text((cell) => (cell === 3 ? '' : String(cell % 12))),
        mito: { kind: 'number', values: Float64Array.from(ids, (_, cell) => (cell === 5 ? NaN : cell / 2)) },
        kept: { kind: 'boolean', values: Uint8Array.from(ids, (_, cell) => cell % 3) },
        stage: {
          kind: 'categories',
          codes: Int32Array.from(ids, (_, cell) => (cell % 4) - 1),
          categories: ['late', 'early', 'middle', 'never'],
          ordered: true,
        },
      },
      ids,
    );
    expect(leftOut).toEqual([]);
    expect(kept).toEqual([
      { name: 'cluster', kind: 'categories', row: 0, categories: Array.from({ length: 12 }, (_, i) => String(i)) },
      { name: 'mito', kind: 'number', row: 0 },
      { name: 'kept', kind: 'categories', row: 1, categories: ['false', 'true'] },
      { name: 'stage', kind: 'categories', row: 2, categories: ['late', 'early', 'middle'] },
    ]);
    const [cluster, truths, stage] = written(arrays, 'categories');
    expect(cluster!.slice(0, 5)).toEqual([0, 1, 2, -1, 4]);
    expect(truths!.slice(0, 3)).toEqual([0, 1, -1]);
    expect(stage!.slice(0, 4)).toEqual([-1, 0, 1, 2]);
    expect(written(arrays, 'number')[0]!.slice(4, 7)).toEqual([2, NaN, 3]);
    expect(Object.keys(arrays).every(isCellColumnArray)).toBe(true);
  });

  test('leave out barcodes, columns without a value, and what goes beyond the limits, each by name', () => {
    const columns = {
      barcode: text((cell) => `AAAC${cell}`),
      empty: text(() => null),
      gone: { kind: 'number', values: new Float64Array(40).fill(NaN) } as const,
      many: text((cell) => `n${cell % 8}`),
      a: text(() => 'one'),
      b: text(() => 'one'),
    };
    const most = { names: 7, columns: 9, bytes: 40 * 2 };
    const { kept, leftOut, arrays } = ofQuery(columns, ids, ids, most);
    expect(kept.map(({ name }) => name)).toEqual(['a']);
    expect(leftOut).toEqual([
      { name: 'barcode', why: 'mostly-unique' },
      { name: 'empty', why: 'empty' },
      { name: 'gone', why: 'empty' },
      { name: 'many', why: 'too-many-names' },
      { name: 'b', why: 'no-room' },
    ]);
    expect(written(arrays, 'number')).toEqual([]);
    expect(ofQuery(columns, ids, ids, { ...most, names: 8, bytes: 1e6, columns: 2 }).kept).toHaveLength(2);
  });

  test('join categories of one name, and take none for what no cell has or is empty', () => {
    const column: Column = {
      ...{ kind: 'categories', ordered: true, categories: ['x', '', 'unused', 'y', 'x'] },
      codes: Int32Array.from(ids, (_, cell) => [0, 1, 3, 4, -1][cell % 5]!),
    };
    const { kept, arrays } = ofQuery({ column }, ids);
    expect(kept).toEqual([{ name: 'column', kind: 'categories', row: 0, categories: ['x', 'y'] }]);
    expect(written(arrays, 'categories')[0]!.slice(0, 5)).toEqual([0, -1, 1, 0, -1]);
  });

  test('follow the cells of the run where some of the study were left out', () => {
    const wanted = ids.filter((_, cell) => cell % 3 === 1);
    const column: Column = { kind: 'number', values: Float64Array.from(ids.keys()) };
    const { arrays } = ofQuery({ place: column }, ids, wanted);
    expect(written(arrays, 'number')).toEqual([wanted.map((id) => Number(id.slice(1)))]);
    expect(() => ofQuery({ place: column }, ids, ['c9', 'c3'])).toThrow(/"c3"/);
  });

  test('name every cell as its file does, whatever the column', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.constantFrom('x', 'y', 'ä b', '10', '9')), { minLength: 1, maxLength: 60 }),
        (values) => {
          const column: Column = { kind: 'text', values };
          const { kept, arrays } = ofQuery(
            { column },
            values.map((_, cell) => `c${cell}`),
          );
          if (values.every((value) => value === null)) {
            expect(kept).toEqual([]);
            return;
          }
          const [one] = kept;
          if (one?.kind !== 'categories') throw new Error('not kept');
          const names = written(arrays, 'categories')[0]!.map((code) => one.categories[code] ?? null);
          expect(names).toEqual(columnTexts(column));
        },
      ),
    );
  });
});
