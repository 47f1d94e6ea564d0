import { describe, expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import { Cancelled } from '#core/base/cancel';
import { collectRows, settledRows, writtenRows } from '#core/data/collect-rows';
import { type CsrMatrix, takeColumns, takeRows } from '#core/data/csr-matrix';
import type { RowRecords } from '#core/data/row-records';
import {
  blocksOf,
  type ExpectedRows,
  isInMemory,
  mapRows,
  rowsAt,
  type RowStore,
  selectRows,
  type SparseRows,
  watchedRows,
} from '#core/data/sparse-rows';
import { binarise } from '#core/prepare/binarise';
import { Watch } from '#core/prepare/watch';
import { csrOf, denseOf } from '#test/support/arbitrary-matrix';
import { inMemory, storedRows } from '#test/support/stored-rows';

/** Ten rows, the first, some in the middle and the last of them empty. */
const dense = Array.from({ length: 10 }, (_, row) =>
  [0, 1, 2, 3].map((column) => ([0, 4, 5, 9].includes(row) ? 0 : (row * (column + 1)) % 5)),
);
const matrix = csrOf(dense);
const places: [string, SparseRows][] = [
  ['in memory', matrix],
  ['stored, in blocks that do not fit the rows', storedRows(matrix, 3)],
  ['stored, one row at a time', storedRows(matrix, 1)],
  ['stored, in one block', storedRows(matrix, 99)],
];

async function gathered(rows: SparseRows): Promise<CsrMatrix> {
  const blocks: CsrMatrix[] = [];
  for await (const { from, matrix: block } of blocksOf(rows)) {
    expect(from).toBe(blocks.reduce((sum, { rows: before }) => sum + before, 0));
    blocks.push(block);
  }
  return inMemory(await collectRows(inPieces(blocks), { columns: rows.columns, rows: null, stored: null }, undefined));
}

async function* inPieces(pieces: readonly CsrMatrix[]): AsyncGenerator<CsrMatrix, void, void> {
  for (const piece of pieces) {
    await Promise.resolve();
    yield piece;
  }
}

describe.each(places)('rows %s', (_, rows) => {
  test('come once each, in order', async () => {
    expect(await gathered(rows)).toEqual(matrix);
  });

  test('are given in the order asked for, also repeated, also empty, also none', async () => {
    for (const which of [[7, 1, 1, 9, 0], [5], [], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]) {
      expect(denseOf(await rowsAt(rows, which))).toEqual(which.map((row) => dense[row]));
    }
  });

  test('outside the matrix are refused', async () => {
    await expect(rowsAt(rows, [10])).rejects.toThrow('takeRows: row 10 of 10');
  });

  test('changed one by one are changed wherever they are read', async () => {
    const columns = Uint32Array.of(3, 1);
    const changed = mapRows(rows, 2, (block) => binarise(takeColumns(block, columns)));
    const wanted = binarise(takeColumns(matrix, columns));
    expect([changed.rows, changed.columns]).toEqual([10, 2]);
    expect(await gathered(changed)).toEqual(wanted);
    expect(await rowsAt(changed, [8, 2])).toEqual(takeRows(wanted, [8, 2]));
  });

  test.each([
    ['rising', [1, 2, 5, 8]],
    ['falling and repeated', [8, 2, 2, 0]],
    ['none', []],
  ])('chosen (%s) are those rows, in blocks and one by one', async (_name, which) => {
    const chosen = selectRows(rows, which);
    expect(chosen.rows).toBe(which.length);
    expect(denseOf(await gathered(chosen))).toEqual(which.map((row) => dense[row]));
    const last = which.map((_row, place) => place).slice(-1);
    expect(denseOf(await rowsAt(chosen, last))).toEqual(which.slice(-1).map((row) => dense[row]));
  });

  test('are not gone over once the signal is aborted', async () => {
    const over = async (): Promise<void> => {
      for await (const block of blocksOf(rows, { aborted: true })) expect(block).toBeUndefined();
    };
    await expect(over()).rejects.toBeInstanceOf(Cancelled);
  });
});

describe('rows that come in pieces', () => {
  const pieces = [0, 4, 6].map((from, i) =>
    takeRows(
      matrix,
      Array.from({ length: [4, 2, 4][i]! }, (_, j) => from + j),
    ),
  );
  const shape: ExpectedRows = { columns: 4, rows: 10, stored: null };
  /** Keeps rows as a test can see them, and says what it was told. */
  function storeOf(valuesInMemory: number): RowStore & { told: ExpectedRows[] } {
    const told: ExpectedRows[] = [];
    return {
      told,
      valuesInMemory,
      async keep(rows, expected) {
        told.push(expected);
        return storedRows(inMemory(await collectRows(rows, expected, undefined)), 2);
      },
    };
  }

  test('stay in memory where they are few, and are all there', async () => {
    const store = storeOf(matrix.values.length);
    expect(await collectRows(inPieces(pieces), shape, store)).toEqual(matrix);
    expect(store.told).toEqual([]);
  });

  test('go to the store as soon as they are too many, with those that came before', async () => {
    const store = storeOf(5);
    const rows = await collectRows(inPieces(pieces), shape, store);
    expect(isInMemory(rows)).toBe(false);
    expect(await gathered(rows)).toEqual(matrix);
    expect(store.told).toEqual([shape]);
  });

  test('go to the store at once where it is known that they are too many', async () => {
    const store = storeOf(5);
    const rows = await collectRows(inPieces(pieces), { ...shape, stored: matrix.values.length }, store);
    expect(await gathered(rows)).toEqual(matrix);
  });

  test('are given up when the signal is aborted, and so is their source', async () => {
    const signal = { aborted: false };
    let ended = false;
    async function* source(): AsyncGenerator<CsrMatrix, void, void> {
      try {
        for await (const piece of inPieces(pieces)) {
          yield piece;
          signal.aborted = true;
        }
      } finally {
        ended = true;
      }
    }
    await expect(collectRows(source(), shape, undefined, signal)).rejects.toBeInstanceOf(Cancelled);
    expect(ended).toBe(true);
  });

  test('that were made fewer come back into memory', async () => {
    const one = mapRows(storedRows(matrix), 1, (block) => takeColumns(block, [0]));
    expect(isInMemory(one)).toBe(false);
    const settled = await settledRows(one, storeOf(8));
    expect(inMemory(settled)).toEqual(takeColumns(matrix, [0]));
    expect(isInMemory(await settledRows(one, storeOf(1)))).toBe(false);
  });

  describe('that are changed when they are read', () => {
    const changed = mapRows(storedRows(matrix), 2, (block) => takeColumns(block, [0, 2]));

    test('are written down as they are then; others are left as they are', async () => {
      const store = storeOf(0);
      expect(await gathered(await writtenRows(changed, store))).toEqual(takeColumns(matrix, [0, 2]));
      expect(store.told).toHaveLength(1);
      const lying = { ...storedRows(matrix), records: {} as RowRecords };
      expect(await writtenRows(lying, store)).toBe(lying);
      expect(await writtenRows(matrix, store)).toBe(matrix);
      expect(await writtenRows(changed, undefined)).toBe(changed);
      expect(store.told).toHaveLength(1);
    });

    test.each(['project.no-room', 'project.disk-full'] as const)(
      'are still read where the disk is too small: %s',
      async (code) => {
        const store = {
          valuesInMemory: 0,
          keep: () => Promise.reject(new AppError(code, { path: '/p', needed: 2, free: 1 } as never)),
        };
        expect(await writtenRows(changed, store)).toBe(changed);
        const broken = { ...store, keep: () => Promise.reject(new Error('no disk')) };
        await expect(writtenRows(changed, broken)).rejects.toThrow('no disk');
      },
    );
  });
});

describe('watched rows', () => {
  test('tell each block after it was used, and wait for who is told', async () => {
    const told: number[] = [];
    const rows = watchedRows(storedRows(matrix, 4), async (count) => {
      await Promise.resolve();
      told.push(count);
    });
    expect(await gathered(rows)).toEqual(matrix);
    expect(told).toEqual([4, 4, 2]);
    expect(await rowsAt(rows, [3])).toEqual(takeRows(matrix, [3]));
    expect(told).toHaveLength(3);
  });

  test('in memory are the matrix itself', () => {
    expect(watchedRows(matrix, () => expect.unreachable())).toBe(matrix);
  });

  test('of several passes give a fraction that rises to 1 and no further, until the watching ends', async () => {
    const told: number[] = [];
    const watch = new Watch(25, (done) => void told.push(done));
    const rows = watch.rows(storedRows(matrix, 5));
    for (let pass = 0; pass < 3; pass++) await gathered(rows);
    expect(told).toEqual([0.2, 0.4, 0.6, 0.8, 1, 1]);
    watch.end();
    await gathered(rows);
    await watch.tell();
    expect(told).toHaveLength(6);
  });
});
