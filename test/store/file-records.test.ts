import { readdirSync, truncateSync, writeFileSync, openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Random } from '#core/base/random';
import { type CsrMatrix, takeRows } from '#core/data/csr-matrix';
import { packRows } from '#store/packed-rows';
import { RowFile } from '#store/row-file';
import { randomMatrix } from '#test/support/random-matrix';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();
const open: number[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const descriptor of open.splice(0)) closeSync(descriptor);
});

/** The matrix in a file of its own. */
function fileOf(matrix: CsrMatrix): { rows: RowFile; path: string } {
  const folder = newFolder();
  const path = join(folder, 'rows');
  const { bytes, counts, valueBytes } = packRows(matrix);
  writeFileSync(path, bytes);
  const descriptor = openSync(path, 'r');
  open.push(descriptor);
  return {
    rows: new RowFile({ descriptor, folder, name: 'rows' }, { columns: matrix.columns, counts, valueBytes }),
    path,
  };
}

/** Rows of whole numbers that fit a byte, that fit two, and of any numbers, by turns. */
function mixed(rows: number, columns: number): CsrMatrix {
  const random = new Random(3);
  const matrix = randomMatrix(random, rows, columns);
  for (let row = 0; row < rows; row++)
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++)
      matrix.values[p] = [random.below(256), random.below(65_536), random.normal()][row % 3]!;
  return matrix;
}

describe('the records of a file of rows', () => {
  test.each([50, 70_000])('are the rows as they were packed, with %i columns', (columns) => {
    const matrix = mixed(9, columns);
    const { records } = fileOf(matrix).rows;
    expect(records.columnBytes).toBe(columns > 65_536 ? 4 : 2);
    for (const row of [4, 0, 8, 1, 4]) {
      const packed = packRows(takeRows(matrix, [row]));
      expect([records.count(row), records.valueBytes(row)]).toEqual([packed.counts[0], packed.valueBytes[0]]);
      expect(records.bytes(row)).toBe(packed.bytes.length);
      const into = new Uint8Array(packed.bytes.length + 10).fill(7);
      records.read(row, into, 6);
      expect(into.slice(6, -4)).toEqual(packed.bytes);
      expect([...into.slice(0, 6), ...into.slice(-4)]).toEqual(new Array(10).fill(7));
    }
  });

  test('of a file that was cut off are told, with the file', () => {
    const { rows, path } = fileOf(mixed(9, 50));
    truncateSync(path, 20);
    expect(() => rows.records.read(8, new Uint8Array(rows.records.bytes(8)), 0)).toThrow(
      expect.objectContaining({ code: 'project.damaged-array' }) as Error,
    );
  });

  describe('that will be needed', () => {
    const matrix = mixed(90, 30_000);

    /** Reads more than says nothing about a disk, on a clock on which each reading takes so long. */
    function read(rows: RowFile, ms: number): void {
      let now = 0;
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += ms));
      for (let row = 0; row < 90; row++) rows.records.read(row, new Uint8Array(rows.records.bytes(row)), 0);
      clock.mockRestore();
    }

    /** Whether bringing rows near takes turns of the event loop: whether they are read. */
    async function reads(rows: RowFile): Promise<boolean> {
      let near = false;
      const bringing = rows.records.near(Int32Array.of(7, 2, 30)).then(() => (near = true));
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      const waits = !near;
      await bringing;
      return waits;
    }

    test('are read by the system first where reading was slow, from then on; and are not where it was quick', async () => {
      const { rows } = fileOf(matrix);
      expect(await reads(rows)).toBe(false);
      read(rows, 0.01);
      expect(await reads(rows)).toBe(false);
      read(rows, 50);
      expect(await reads(rows)).toBe(true);
      read(rows, 0.01);
      expect(await reads(rows)).toBe(true);
    });

    test('may be damaged: it is told when they are needed', async () => {
      const { rows, path } = fileOf(matrix);
      read(rows, 50);
      truncateSync(path, 10);
      expect(await reads(rows)).toBe(true);
      expect(() => read(rows, 0)).toThrow();
    });

    test('keep the file open until they are near', async () => {
      const { rows } = fileOf(matrix);
      read(rows, 50);
      let near = false;
      void rows.records.near(Int32Array.of(1, 5)).then(() => (near = true));
      await rows.settled();
      expect(near).toBe(true);
    });
  });

  test('leave nothing beside their file', () => {
    const { rows, path } = fileOf(mixed(5, 50));
    rows.records.read(0, new Uint8Array(rows.records.bytes(0)), 0);
    expect(readdirSync(join(path, '..'))).toEqual(['rows']);
  });
});
