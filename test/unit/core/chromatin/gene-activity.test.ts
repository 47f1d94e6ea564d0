import { expect, test } from 'vitest';
import type { BodyOptions } from '#core/chromatin/gene-activity';
import { EveryBarcode } from '#core/chromatin/cell-rows';
import { GeneActivityCounter, type GeneModel } from '#core/chromatin/gene-activity';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { denseOf } from '#test/support/arbitrary-matrix';
import { blocksOfFragments } from '#test/support/fragment-blocks';

const forward: GeneModel = { name: 'FWD', contig: 'chr1', start: 10_000, end: 12_000, strand: '+' };
const reverse: GeneModel = { name: 'REV', contig: 'chr1', start: 20_000, end: 22_000, strand: '-' };

type Placed = readonly [cell: string, start: number, end: number, contig?: string];

async function counted(models: readonly GeneModel[], fragments: readonly Placed[], options?: BodyOptions) {
  const counter = new GeneActivityCounter(models, options);
  const cells = new EveryBarcode();
  const placed = fragments.map(([barcode, start, end, contig = 'chr1']) => ({ contig, start, end, barcode }));
  for (const block of blocksOfFragments(placed, 2)) counter.add(block, cells);
  const { genes, matrix, ...rest } = await counter.result(cells.rows);
  return { names: genes.map((gene) => gene.name), counts: denseOf(matrix as CsrMatrix), ...rest };
}

test('the promoter lies before a forward gene and behind a reverse one', async () => {
  const { names, counts } = await counted(
    [forward, reverse],
    [
      ['a', 8_000, 8_100], // first base of the forward promoter
      ['a', 7_900, 8_000], // both ends before it
      ['b', 23_900, 24_000], // last base of the reverse promoter
      ['b', 24_000, 24_100], // both ends behind it
      ['b', 19_000, 19_900], // before the reverse gene
    ],
  );
  expect(names).toEqual(['FWD', 'REV']);
  expect(counts).toEqual([
    [2, 0],
    [0, 2],
  ]);
});

test('a fragment across the border counts only the end that lies inside', async () => {
  expect((await counted([forward], [['a', 11_990, 12_050]])).counts).toEqual([[1]]);
});

test('a fragment whose ends lie on either side of a gene does not count', async () => {
  expect((await counted([forward], [['a', 7_000, 12_001]])).counts).toEqual([[0]]);
});

test('overlapping genes both count an insertion, which is used once', async () => {
  const inner = { ...forward, name: 'INNER', start: 10_500, end: 11_000 };
  const { counts, share } = await counted([forward, inner], [['a', 10_600, 10_700]]);
  expect(counts[0]).toEqual([2, 2]);
  expect([share.used, share.total]).toEqual([2, 2]);
});

test('counted by fragments, one with both ends in a gene counts once', async () => {
  const inner = { ...forward, name: 'INNER', start: 10_500, end: 11_000 };
  const fragments: Placed[] = [
    ['a', 10_600, 10_700],
    ['a', 10_400, 10_700], // one end in INNER, both in FWD
    ['a', 11_900, 12_100],
  ];
  const { names, counts, share } = await counted([forward, inner], fragments, { unit: 'fragments' });
  expect(names).toEqual(['FWD', 'INNER']);
  expect(counts).toEqual([[3, 2]]);
  expect([share.used, share.total]).toEqual([5, 6]);
});

test('of entries with one name the longest counts, and genes wider than 500 kb are left out', async () => {
  const short = { ...forward, end: 10_100 };
  const huge = { ...forward, name: 'HUGE', end: 600_000 };
  const { names, counts } = await counted([short, forward, huge], [['a', 11_000, 11_500]]);
  expect(names).toEqual(['FWD']);
  expect(counts).toEqual([[2]]);
});

test('a gene at the very start of a contig has what there is of a promoter', async () => {
  const first: GeneModel = { name: 'FIRST', contig: 'chr1', start: 0, end: 100, strand: '+' };
  const firstReverse: GeneModel = { name: 'FIRST-R', contig: 'chr2', start: 0, end: 100, strand: '-' };
  const { counts } = await counted(
    [first, firstReverse],
    [
      ['a', 0, 1],
      ['a', 0, 2100, 'chr2'],
      ['a', 2100, 2200, 'chr2'],
    ],
  );
  expect(counts).toEqual([[2, 2]]);
});

test('genes without a base are passed over, and positions at the end of what a fragment can have are found', async () => {
  const none: GeneModel = { name: 'NONE', contig: 'chr1', start: 50, end: 50, strand: '+' };
  const last: GeneModel = { name: 'LAST', contig: 'chr1', start: 2 ** 31 - 100, end: 2 ** 40, strand: '+' };
  const { names, counts } = await counted(
    [none, last],
    [['a', 2 ** 31 - 2101, 2 ** 31 - 1]], // the first end lies one base before the promoter
    { widest: Infinity },
  );
  expect(names).toEqual(['LAST']);
  expect(counts).toEqual([[1]]);
});

test('chr1 and 1 are one contig, and the share used is told per contig', async () => {
  const { share, counts } = await counted(
    [forward],
    [
      ['a', 11_000, 11_500, '1'],
      ['a', 1, 2, '1'],
      ['a', 1, 2, 'GL000220.1'],
      ['b', 11_000, 11_500, '1'],
    ],
  );
  expect(counts).toEqual([[2], [2]]);
  expect(share).toEqual({
    total: 8,
    used: 4,
    contigs: [
      { contig: '1', total: 6, used: 4, known: true },
      { contig: 'GL000220.1', total: 2, used: 0, known: false },
    ],
  });
});

test('fragments of barcodes that are no cells are not counted', async () => {
  const counter = new GeneActivityCounter([forward]);
  const [block] = blocksOfFragments([
    { contig: 'chr1', start: 11_000, end: 11_100, barcode: 'no cell' },
    { contig: 'chr1', start: 11_000, end: 11_100, barcode: 'cell' },
  ]);
  counter.add(block!, { rows: 1, of: () => Int32Array.of(-1, 0) });
  const { matrix, share, fragments } = await counter.result(1);
  expect(denseOf(matrix as CsrMatrix)).toEqual([[2]]);
  expect(share.total).toBe(2);
  expect(fragments).toEqual({ ofCells: 1, ofOthers: 1 });
});

test('nothing to count gives an empty matrix', async () => {
  const { matrix } = await new GeneActivityCounter([forward]).result(3);
  expect(denseOf(matrix as CsrMatrix)).toEqual([[0], [0], [0]]);
});

test('a genome that has none of the contigs is refused, with the names of both', async () => {
  await expect(counted([forward], [['a', 1, 2, 'scaffold_1']])).rejects.toThrow(
    expect.objectContaining({
      code: 'chromatin.no-contig-in-common',
      message: expect.stringMatching(/scaffold_1 against chr1/) as string,
    }),
  );
});

test('a gene list without a gene to count for is refused', () => {
  const huge = { ...forward, end: 600_000 };
  expect(() => new GeneActivityCounter([huge])).toThrow(expect.objectContaining({ code: 'chromatin.no-genes' }));
});

test('counting that is cancelled stops', async () => {
  const counter = new GeneActivityCounter([forward]);
  await expect(counter.result(1, { signal: { aborted: true } })).rejects.toThrow('Cancelled');
});
