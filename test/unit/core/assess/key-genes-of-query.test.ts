import { expect, test } from 'vitest';
import { keyGenesOfQuery } from '#core/assess/key-genes-of-query';
import { csrOf } from '#test/support/arbitrary-matrix';
import { storedRows } from '#test/support/stored-rows';

const features = ['a1', 'a2', 'b1', 'b2', 'flat'];
// cells of A have a1 and a2, cells of B b1 and b2; B is deeper, so that of each 10,000 counts fewer are flat
const counts = csrOf([
  [4, 3, 0, 0, 1],
  [9, 8, 0, 1, 2],
  [5, 4, 1, 0, 1],
  [0, 0, 6, 5, 1],
  [0, 1, 12, 9, 2],
  [1, 0, 5, 6, 1],
]);
const truth = ['A', 'A', 'A', 'B', 'B', 'B'];
const markers = [
  { label: 'A', feature: 'a1' },
  { label: 'A', feature: 'b1' },
  { label: 'B', feature: 'b1' },
  { label: 'B', feature: 'b2' },
  { label: 'C', feature: 'flat' },
];

test('counts the markers of each true label among its determinant features, beside what chance gives', async () => {
  const hits = await keyGenesOfQuery({ counts, valueKind: 'counts' }, features, markers, truth);
  expect(hits.map(({ label, determinants, markers: m, hits: found }) => [label, determinants, m, found])).toEqual([
    ['A', 2, 3, 1],
    ['B', 2, 2, 2],
  ]);
  expect(hits[1]).toMatchObject({ rate: 1, expectedRate: 0.4 });
});

test('cells without truth count nowhere', async () => {
  const unknown = truth.map((label, cell) => (cell === 1 ? null : label));
  expect(await keyGenesOfQuery({ counts, valueKind: 'counts' }, features, markers, unknown)).toHaveLength(2);
});

test('is empty where there is nothing to say: no markers, values of unknown kind', async () => {
  expect(await keyGenesOfQuery({ counts, valueKind: 'counts' }, features, [], truth)).toEqual([]);
  expect(await keyGenesOfQuery({ counts, valueKind: 'unknown' }, features, markers, truth)).toEqual([]);
});

test('rows on disk give what rows in memory give', async () => {
  const stored = { counts: storedRows(counts, 2), valueKind: 'counts' } as const;
  const inMemory = await keyGenesOfQuery({ counts, valueKind: 'counts' }, features, markers, truth);
  expect(await keyGenesOfQuery(stored, features, markers, truth)).toEqual(inMemory);
});
