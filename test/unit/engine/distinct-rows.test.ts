import { expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { csrBatch } from '#core/train/csr-batch';
import { distinctRows } from '#engine/wasm/step/distinct-rows';
import { randomMatrix } from '#test/support/random-matrix';

const random = new Random(5);
const [reference, query] = [randomMatrix(random, 9, 6), randomMatrix(random, 9, 6)];
const shift = Float32Array.from({ length: 6 }, () => random.uniform());
const rows = (...numbers: number[]): Int32Array => Int32Array.from(numbers);

test('a partner that is in the query’s part, or that was drawn before, has the place of that row', () => {
  const parts = [
    { matrix: reference, rows: rows(4, 1, 2) },
    { matrix: query, rows: rows(3, 7, 5) },
    { matrix: query, rows: rows(7, 8, 8) },
  ];
  const { cells, places } = distinctRows(csrBatch(parts));
  expect([...places]).toEqual([0, 1, 2, 3, 4, 5, 4, 6, 6]);
  expect(cells.rows).toBe(7);
  expect(cells.parts.map((part) => [...part.rows])).toEqual([[4, 1, 2], [3, 7, 5], [8]]);
});

test('equal row numbers of different matrices, or with different shifts, are different rows', () => {
  const part = { matrix: query, rows: rows(0, 1) };
  for (const parts of [
    [part, { matrix: reference, rows: rows(0, 1) }, part],
    [part, part, { ...part, shift }],
  ]) {
    const batch = csrBatch(parts);
    const { cells, places } = distinctRows(batch);
    expect(cells).toBe(batch);
    expect([...places]).toEqual([0, 1, 2, 3, 4, 5]);
  }
});

test('a batch without partners is left as it is', () => {
  const batch = csrBatch([
    { matrix: query, rows: rows(0, 1) },
    { matrix: query, rows: rows(0, 1) },
  ]);
  expect(distinctRows(batch).cells).toBe(batch);
});

test('partners that are all in the query’s part need no row of their own', () => {
  const part = { matrix: query, rows: rows(6, 2) };
  const { cells, places } = distinctRows(
    csrBatch([{ matrix: reference, rows: rows(0, 1) }, part, { ...part, rows: rows(2, 6) }]),
  );
  expect([...places]).toEqual([0, 1, 2, 3, 3, 2]);
  expect(cells.rows).toBe(4);
});

test('rows that were read from a file are known by where they are from', () => {
  const read = (numbers: Int32Array) => ({
    matrix: randomMatrix(random, numbers.length, 6),
    rows: numbers.map((_, i) => i),
    from: { input: query, rows: numbers },
  });
  const { cells, places } = distinctRows(
    csrBatch([{ matrix: reference, rows: rows(0, 1) }, read(rows(6, 2)), read(rows(2, 5))]),
  );
  expect([...places]).toEqual([0, 1, 2, 3, 3, 4]);
  expect([...cells.parts[2]!.rows]).toEqual([1]);
});
