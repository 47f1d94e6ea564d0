import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalRows } from '#formats/hdf5/canonical-rows';
import { RowSpill } from '#formats/spill/row-spill';
import { openSpills } from '#test/support/open-spills';

interface Entry {
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

/** Matrices of 1–40 × 1–40 places with 0–400 entries in any order; places named several times, empty rows and columns. */
const entries = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })).chain(([rows, columns]) =>
  fc.record({
    rows: fc.constant(rows),
    columns: fc.constant(columns),
    list: fc.array(
      fc.record({
        row: fc.oneof(fc.nat(rows - 1), fc.constant(rows >> 1)), // one row has many
        column: fc.nat(columns - 1),
        value: fc.float({ noNaN: true, noDefaultInfinity: true }),
      }),
      { maxLength: 400, size: 'max' },
    ),
  }),
);

/** The same by the simplest way: entries of each row in the order in which they came, sorted by column, added up in float64. */
function expected({ rows, list }: { readonly rows: number; readonly list: readonly Entry[] }): Map<number, number>[] {
  return Array.from({ length: rows }, (_, row) => {
    const sums = new Map<number, number>();
    for (const entry of list) {
      if (entry.row !== row) continue;
      const sum = sums.get(entry.column);
      sums.set(entry.column, sum === undefined ? entry.value : sum + entry.value);
    }
    return new Map([...sums].sort(([a], [b]) => a - b));
  });
}

describe('RowSpill', () => {
  test.each([
    ['all in memory', 1 << 20],
    ['in several bands, some on disk', 2048],
    ['as little memory as there may be', 1],
  ])('gives the rows that adding entries up gives, bit by bit: %s', (_what, memoryBytes) => {
    let onDisk = 0;
    fc.assert(
      fc.property(entries, fc.nat(40), fc.nat(40), fc.nat(2000), (given, a, b, guess) => {
        const { rows, columns, list } = given;
        const spill = new RowSpill({ rows, columns, expected: guess, settle: canonicalRows, memoryBytes });
        for (const { row, column, value } of list) spill.add(row, column, value);
        spill.finish();
        onDisk += spill.bytesOnDisk;
        const want = expected(given);
        const from = Math.min(a, b, rows);
        const to = Math.min(Math.max(a, b), rows);
        // A block, then everything, then row by row backwards: what was read before makes no difference.
        for (const [begin, end] of [[from, to], [0, rows], ...want.map((__, i) => [rows - 1 - i, rows - i] as const)]) {
          const matrix = spill.read(begin!, end!);
          expect([matrix.rows, matrix.columns, matrix.indptr[0]]).toEqual([end! - begin!, columns, 0]);
          for (let row = begin!; row < end!; row++) {
            const at = [matrix.indptr[row - begin!]!, matrix.indptr[row - begin! + 1]!] as const;
            expect(Array.from(matrix.indices.subarray(...at))).toEqual([...want[row]!.keys()]);
            expect(matrix.values.slice(...at)).toEqual(Float32Array.from(want[row]!.values()));
          }
        }
        spill.close();
        spill.close();
      }),
      { numRuns: 150 },
    );
    if (memoryBytes < 4096) expect(onDisk).toBeGreaterThan(0);
    else expect(onDisk).toBe(0);
    expect(openSpills()).toEqual([]);
  });

  test('a matrix too wide for a key of 32 bits per band gets more bands', () => {
    const columns = 3_000_000_000;
    const spill = new RowSpill({ rows: 5, columns, expected: 10 });
    for (let row = 0; row < 5; row++) {
      spill.add(row, columns - 1 - row, row + 1);
      spill.add(row, 7, -row);
    }
    const { indices, values } = spill.finish().read(2, 5);
    expect(Array.from(indices)).toEqual([2, 3, 4].flatMap((row) => [columns - 1 - row, 7]));
    expect(Array.from(values)).toEqual([3, -2, 4, -3, 5, -4]);
    spill.close();
  });

  test('rows beyond the matrix are refused', () => {
    const spill = new RowSpill({ rows: 3, columns: 3, expected: 0 }).finish();
    expect(() => spill.read(1, 4)).toThrow(RangeError);
    expect(spill.read(3, 3)).toMatchObject({ rows: 0, columns: 3 });
    spill.close();
  });
});
