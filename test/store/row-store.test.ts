import { existsSync, mkdirSync, readdirSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { Cancelled } from '#core/base/cancel';
import { Random } from '#core/base/random';
import { collectRows } from '#core/data/collect-rows';
import { type CsrMatrix, takeRows } from '#core/data/csr-matrix';
import { blocksOf, type SparseRows, type StoredRows } from '#core/data/sparse-rows';
import { indexBytesFor, packRows, recordBytes, valueBytesOf } from '#store/packed-rows';
import { RowFiles } from '#store/row-store';
import { csrOf, denseOf } from '#test/support/arbitrary-matrix';
import { inMemory } from '#test/support/stored-rows';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();
const opened: RowFiles[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

function storeIn(folder: string, options?: ConstructorParameters<typeof RowFiles>[1]): RowFiles {
  const store = new RowFiles(folder, options);
  opened.push(store);
  return store;
}

/** The matrix in pieces of `perPiece` rows. */
async function* pieces(matrix: CsrMatrix, perPiece: number): AsyncGenerator<CsrMatrix, void, void> {
  for (let from = 0; from < matrix.rows; from += perPiece) {
    await Promise.resolve();
    const length = Math.min(perPiece, matrix.rows - from);
    yield takeRows(
      matrix,
      Uint32Array.from({ length }, (_, i) => from + i),
    );
  }
}

async function kept(store: RowFiles, matrix: CsrMatrix, perPiece = 3): Promise<StoredRows> {
  return store.keep(pieces(matrix, perPiece), { columns: matrix.columns, rows: matrix.rows, stored: null });
}

async function gathered(rows: SparseRows): Promise<CsrMatrix> {
  async function* matrices(): AsyncGenerator<CsrMatrix, void, void> {
    for await (const { matrix } of blocksOf(rows)) yield matrix;
  }
  return inMemory(await collectRows(matrices(), { columns: rows.columns, rows: null, stored: null }, undefined));
}

/** Values of every kind that a row can hold, empty rows, and more columns than two bytes count. */
const anyMatrix: fc.Arbitrary<CsrMatrix> = fc
  .tuple(
    fc.constantFrom(5, 65_536, 65_537, 1_000_000),
    fc.array(
      fc.array(
        fc.tuple(
          fc.double({ min: 0, max: 0.999_999, noNaN: true }),
          fc.oneof(
            fc.integer({ min: 0, max: 300 }),
            fc.integer({ min: 0, max: 70_000 }),
            fc.float({ noNaN: true, noDefaultInfinity: true }),
            fc.constantFrom(-0, 255, 256, 65_535, 65_536),
          ),
        ),
        { maxLength: 8 },
      ),
      { minLength: 1, maxLength: 12 },
    ),
  )
  .map(([columns, drawn]) => {
    const rows = drawn.map((entries) => {
      const byColumn = new Map(entries.map(([share, value]) => [Math.floor(share * columns), Math.fround(value)]));
      return [...byColumn].sort(([a], [b]) => a - b);
    });
    const indptr = Float64Array.from([0, ...rows.map((_, i) => rows.slice(0, i + 1).flat().length)]);
    return {
      rows: rows.length,
      columns,
      indptr,
      indices: Uint32Array.from(rows.flat(), ([column]) => column),
      values: Float32Array.from(rows.flat(), ([, value]) => value),
    };
  });

describe('rows in a file', () => {
  test('come back with their bits, in blocks and in any order', async () => {
    const store = storeIn(newFolder());
    const property = fc.asyncProperty(
      anyMatrix,
      fc.integer({ min: 1, max: 5 }),
      fc.nat(),
      async (matrix, step, seed) => {
        const rows = await kept(store, matrix, step);
        expect([rows.rows, rows.columns, rows.stored]).toEqual([matrix.rows, matrix.columns, matrix.values.length]);
        expect(await gathered(rows)).toEqual(matrix);
        const random = new Random(seed);
        const which = Int32Array.from({ length: random.below(20) }, () => random.below(matrix.rows));
        expect(await rows.take(which)).toEqual(takeRows(matrix, which));
      },
    );
    await fc.assert(property, { seed: 20_264, numRuns: 100 });
  });

  test('come in several blocks where they are many, and far rows are read one by one', async () => {
    const random = new Random(4);
    const [rows, per] = [6000, 300];
    const matrix: CsrMatrix = {
      rows,
      columns: 20_000,
      indptr: Float64Array.from({ length: rows + 1 }, (_, row) => per * row),
      indices: Uint32Array.from({ length: rows * per }, (_, p) => 60 * (p % per) + random.below(60)),
      values: Float32Array.from({ length: rows * per }, () => 1 + random.below(400)),
    };
    const stored = await kept(storeIn(newFolder()), matrix, 500);
    let blocks = 0;
    let next = 0;
    for await (const { from, matrix: block } of stored.blocks()) {
      expect(from).toBe(next);
      expect(block).toEqual(
        takeRows(
          matrix,
          Uint32Array.from({ length: block.rows }, (_, i) => from + i),
        ),
      );
      next += block.rows;
      blocks++;
    }
    expect(next).toBe(rows);
    expect(blocks).toBeGreaterThan(1);
    const which = random.sample(rows, 700);
    which[5] = which[6]!;
    expect(await stored.take(which)).toEqual(takeRows(matrix, which));
  });

  test('that are asked for at the same time do not mix', async () => {
    const matrix = csrOf(Array.from({ length: 50 }, (_, row) => [row, 0, row * row, 1000 * row]));
    const rows = await kept(storeIn(newFolder()), matrix);
    const asked = Array.from({ length: 20 }, (_, i) => Uint32Array.of(i, 49 - i, i));
    const found = await Promise.all(asked.map((which) => rows.take(which)));
    found.forEach((taken, i) => expect(taken).toEqual(takeRows(matrix, asked[i]!)));
  });

  test('of an empty matrix are none', async () => {
    const none = csrOf([], 7);
    const rows = await kept(storeIn(newFolder()), none);
    expect(await gathered(rows)).toEqual(none);
    expect(denseOf(await rows.take([]))).toEqual([]);
  });

  test('that are not there are refused', async () => {
    const rows = await kept(storeIn(newFolder()), csrOf([[1], [2]]));
    await expect(rows.take([2])).rejects.toThrow('row 2 of 2');
  });

  test('take three or four bytes a value where they are counts', () => {
    expect([indexBytesFor(65_536), indexBytesFor(65_537)]).toEqual([2, 4]);
    expect(valueBytesOf(Float32Array.of(0, 255), 0, 2)).toBe(1);
    expect(valueBytesOf(Float32Array.of(256, 65_535), 0, 2)).toBe(2);
    for (const value of [-1, 0.5, 65_536, -0, NaN]) expect(valueBytesOf(Float32Array.of(value), 0, 1)).toBe(4);
    expect(recordBytes(5, 2, 1)).toBe(12 + 8);
    expect(packRows(csrOf([[1, 2, 3, 4]])).bytes.length).toBe(8 + 4);
  });
});

describe('a store of rows', () => {
  test('tells a file that was cut off, with the file', async (context) => {
    const folder = newFolder();
    const store = storeIn(folder);
    const rows = await kept(store, csrOf(Array.from({ length: 100 }, (_, row) => [row + 1, 300])));
    const file = openFileIn(folder);
    if (file === null) return context.skip('files without a name can be cut off through /proc only');
    truncateSync(file, 100);
    await expect(rows.take([99])).rejects.toMatchObject({ code: 'project.damaged-array' });
    await expect(gathered(rows)).rejects.toThrow(/prepared rows .* ends \d+ bytes too soon/);
    expect(denseOf(await rows.take([0]))).toEqual([[1, 300]]);
  });

  test('leaves nothing behind', async () => {
    const folder = newFolder();
    const store = storeIn(folder);
    await kept(store, csrOf([[1], [2]]));
    await store.close();
    await store.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('removes what a killed process left, and nothing else', () => {
    const folder = newFolder();
    const host = hostname().replace(/[^A-Za-z0-9]/g, '') || 'host';
    const gone = `.rows~${host}~999999999~5~1.part`;
    const others = [`.rows~${host}~${process.ppid}~5~1.part`, `.other~${host}~999999999~5~1.part`, 'rows.part'];
    for (const name of [gone, ...others]) writeFileSync(join(folder, name), 'x');
    mkdirSync(join(folder, 'sub'));
    storeIn(folder);
    expect(readdirSync(folder).sort()).toEqual([...others, 'sub'].sort());
  });

  test('makes its folder', () => {
    const folder = join(newFolder(), 'a', 'b');
    storeIn(folder);
    expect(existsSync(folder)).toBe(true);
  });

  test('looks ahead from the first rows whether the disk has room, and says how much is needed', async () => {
    const folder = newFolder();
    const matrix = csrOf(Array.from({ length: 1000 }, () => [1, 2, 3, 4]));
    const room = (): number => 11_999;
    await expect(kept(storeIn(folder, { room }), matrix, 10)).rejects.toMatchObject({
      code: 'project.no-room',
      details: { path: folder, needed: 12_000, free: 11_999 },
    });
    expect(readdirSync(folder)).toEqual([]);
    await kept(storeIn(folder, { room: () => 12_000 }), matrix, 10);
  });

  test('takes no more than the share of the disk that rows may take', async () => {
    const matrix = csrOf(Array.from({ length: 1000 }, () => [1, 2, 3, 4]));
    const shape = { columns: 4, rows: 1000, stored: null, share: 0.5 };
    const keep = (free: number) => storeIn(newFolder(), { room: () => free }).keep(pieces(matrix, 10), shape);
    await expect(keep(23_999)).rejects.toMatchObject({ code: 'project.no-room' });
    expect((await keep(24_000)).rows).toBe(1000);
  });

  test('gives up when the signal is aborted, while rows are written and while they are gone over', async () => {
    const folder = newFolder();
    const store = storeIn(folder);
    const signal = { aborted: false };
    async function* source(): AsyncGenerator<CsrMatrix, void, void> {
      yield csrOf([[1]]);
      await Promise.resolve();
      signal.aborted = true;
      yield csrOf([[2]]);
    }
    const writing = store.keep(source(), { columns: 1, rows: 2, stored: 2 }, signal);
    await expect(writing).rejects.toBeInstanceOf(Cancelled);
    const rows = await kept(store, csrOf([[1], [2]]));
    const over = async (): Promise<void> => {
      for await (const block of rows.blocks(signal)) expect(block).toBeUndefined();
    };
    await expect(over()).rejects.toBeInstanceOf(Cancelled);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('passes on why the rows did not come', async () => {
    async function* source(): AsyncGenerator<CsrMatrix, void, void> {
      yield csrOf([[1]]);
      await Promise.resolve();
      throw new Error('the source is broken');
    }
    const store = storeIn(newFolder());
    await expect(store.keep(source(), { columns: 1, rows: null, stored: null })).rejects.toThrow(
      'the source is broken',
    );
  });
});

/** The file that this process holds open in a folder, by a name that also leads to a file without one; null if there is no such name. */
function openFileIn(folder: string): string | null {
  if (!existsSync('/proc/self/fd')) return null;
  for (const descriptor of readdirSync('/proc/self/fd')) {
    const path = join('/proc/self/fd', descriptor);
    try {
      if (readlinkSync(path).startsWith(join(folder, '.rows~'))) return path;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return null;
}
