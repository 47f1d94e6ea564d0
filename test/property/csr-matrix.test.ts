import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowSums, storedValues, takeColumns, takeRows, transpose } from '#core/data/csr-matrix';
import { countMatrix, denseOf } from '#test/support/arbitrary-matrix';

test('transposing twice gives the matrix back', () => {
  fc.assert(
    fc.property(countMatrix, (m) => {
      expect(transpose(transpose(m))).toEqual(m);
    }),
  );
});

test('a transposed matrix holds every value at the mirrored place', () => {
  fc.assert(
    fc.property(countMatrix, (m) => {
      const dense = denseOf(m);
      expect(denseOf(transpose(m))).toEqual(Array.from({ length: m.columns }, (_, j) => dense.map((row) => row[j])));
    }),
  );
});

test('rows and columns taken are those of the dense matrix, in the order named', () => {
  fc.assert(
    fc.property(countMatrix, fc.integer(), (m, salt) => {
      const rows = Array.from({ length: m.rows + 2 }, (_, i) => Math.abs(salt + 3 * i) % m.rows);
      expect(denseOf(takeRows(m, rows))).toEqual(rows.map((row) => denseOf(m)[row]));
      const columns = Array.from({ length: m.columns }, (_, j) => j).reverse();
      const taken = takeColumns(m, columns);
      expect(denseOf(taken)).toEqual(denseOf(m).map((row) => columns.map((j) => row[j])));
      for (let row = 0; row < taken.rows; row++) {
        const own = taken.indices.subarray(taken.indptr[row]!, taken.indptr[row + 1]!);
        expect([...own]).toEqual([...own].sort((a, b) => a - b));
      }
    }),
  );
});

test('row sums are those of the dense matrix', () => {
  fc.assert(
    fc.property(countMatrix, (m) => {
      expect([...rowSums(m)]).toEqual(denseOf(m).map((row) => row.reduce((a, b) => a + b, 0)));
      expect(storedValues(m)).toBe(m.values.length);
    }),
  );
});

test('a row or column that does not exist is refused, and so is one named twice', () => {
  const m = {
    rows: 1,
    columns: 2,
    indptr: Float64Array.of(0, 1),
    indices: Uint32Array.of(1),
    values: Float32Array.of(3),
  };
  expect(() => takeRows(m, [1])).toThrow('row 1 of 1');
  expect(() => takeColumns(m, [2])).toThrow('column 2 of 2');
  expect(() => takeColumns(m, [1, 1])).toThrow('column 1 is named twice');
});
