import { expect, test } from 'vitest';
import { ListedCells, matchBarcodes } from '#core/chromatin/match-barcodes';

const [first, second] = ['AAACGGTTACGTACGT', 'CCCCGGTTACGTACGT'];

test.each([
  ['the same names', [first, second], [first, second], 'exact'],
  ['an ending in the list only', [`${first}-1`, `${second}-1`], [first, second], 'ending'],
  ['an ending in the fragments only', [first, second], [`${second}-1`, `${first}-1`], 'ending'],
  ['another ending', [`${first}-2`], [`${first}-1`], 'ending'],
  ['a sample before #', [`pbmc#${first}-1`], [`${first}-1`], 'nucleotides'],
  ['a sample before _ and an ending behind it', [`sample1_${first}-1`], [`${first}-1`], 'nucleotides'],
  ['an ending of merged samples', [`${first}-1_3`], [`${first}-1`], 'nucleotides'],
  ['names that are no bases', ['B.1', 'T.2'], ['T.2', 'B.1'], 'exact'],
])('%s: the strictest way that finds most is taken', (_what, list, barcodes, style) => {
  expect(matchBarcodes(list, barcodes)).toEqual({ style, found: list.length, listed: list.length });
});

test('pieces of combined barcodes stay together', () => {
  const match = matchBarcodes(['lib_ACGTAC_TTGACA_x'], ['ACGTAC_TTGACA', 'ACGTAC_GGGACA']);
  expect(match).toEqual({ style: 'nucleotides', found: 1, listed: 1 });
});

test('exact names are taken even where other ways would find cells of another sample', () => {
  const list = [`${first}-1`, `${first}-2`];
  expect(matchBarcodes(list, [`${first}-1`, `${second}-1`])).toEqual({ style: 'exact', found: 1, listed: 2 });
});

test('cells that only a mixing way would find are refused, and the prefix of the sample helps', () => {
  const list = [`s1#${first}-1`, `s2#${first}-1`];
  expect(() => matchBarcodes(list, [`${first}-1`])).toThrow(
    expect.objectContaining({
      code: 'chromatin.barcodes-ambiguous',
      details: expect.objectContaining({ where: 'list' }) as object,
    }),
  );
  expect(matchBarcodes(list, [`${first}-1`], 's2#')).toEqual({ style: 'exact', found: 1, listed: 2 });
  const rows = new ListedCells(list, 'exact', 's2#').of([`${first}-1`]);
  expect(rows[0]).toBe(1);
});

test('a list of other cells is refused with examples of both', () => {
  expect(() => matchBarcodes([first], [second])).toThrow(
    expect.objectContaining({
      code: 'chromatin.barcodes-match-nothing',
      message: expect.stringContaining(`listed: ${first}; in the fragments: ${second}`) as string,
    }),
  );
  expect(() => matchBarcodes([], [second])).toThrow(
    expect.objectContaining({ code: 'chromatin.barcodes-match-nothing' }),
  );
});

test('rows follow the list while the table of barcodes grows', () => {
  const cells = new ListedCells([`${second}-1`, `${first}-1`], 'ending');
  const table = ['GGGG-1'];
  expect([...cells.of(table).subarray(0, 1)]).toEqual([-1]);
  table.push(first, second);
  expect([...cells.of(table).subarray(0, 3)]).toEqual([-1, 1, 0]);
  expect([cells.rows, cells.found]).toEqual([2, 2]);
  const many = Array.from({ length: 3000 }, (_, i) => `other${i}`);
  table.push(...many);
  expect([...cells.of(table).subarray(0, 3)]).toEqual([-1, 1, 0]);
  expect(
    cells
      .of(table)
      .subarray(3, 3003)
      .every((row) => row === -1),
  ).toBe(true);
});

test('two barcodes of one cell are a mistake that is named', () => {
  const cells = new ListedCells([first], 'ending');
  expect(() => cells.of([`${first}-1`, `${first}-2`])).toThrow(
    expect.objectContaining({
      code: 'chromatin.barcodes-ambiguous',
      message: expect.stringContaining(`${first}-1 and ${first}-2 in the fragments`) as string,
    }),
  );
});
