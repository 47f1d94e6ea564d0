import { expect, test } from 'vitest';
import { CellQualityCounter } from '#core/chromatin/cell-quality';
import { EveryBarcode } from '#core/chromatin/cell-rows';
import type { GeneModel } from '#core/chromatin/gene-model';
import { blocksOfFragments } from '#test/support/fragment-blocks';

const gene: GeneModel = { name: 'A', contig: 'chr1', start: 10_000, end: 20_000, strand: '+' };
const reverse: GeneModel = { name: 'R', contig: 'chr2', start: 1_000, end: 5_001, strand: '-' }; // starts at 5 000

function qualityOf(
  places: ConstructorParameters<typeof CellQualityCounter>[0],
  fragments: readonly (readonly [barcode: string, start: number, end: number, contig?: string])[],
) {
  const counter = new CellQualityCounter(places);
  const cells = new EveryBarcode();
  const placed = fragments.map(([barcode, start, end, contig = 'chr1']) => ({ contig, start, end, barcode }));
  for (const block of blocksOfFragments(placed, 3)) counter.add(block, cells);
  return counter.result(cells.rows);
}

test('fragments and their share in peaks are counted per cell', () => {
  const { fragments, shareInPeaks, tssEnrichment } = qualityOf({ peaks: [{ contig: '1', start: 100, end: 200 }] }, [
    ['a', 150, 160],
    ['a', 190, 260],
    ['b', 200, 300],
    ['b', 199, 200],
  ]);
  expect([...fragments]).toEqual([2, 2]);
  expect([...shareInPeaks!]).toEqual([0.75, 0.5]);
  expect(tssEnrichment).toBeNull();
});

test('TSS enrichment is twice the density at starts over that of the flanks, which counts as 0.2 at least', () => {
  const { tssEnrichment } = qualityOf({ genes: [gene, reverse] }, [
    ['a', 9_950, 10_051], // first and last base of the window
    ['a', 9_949, 10_052], // one base outside on either side
    ['b', 10_000, 10_001], // both insertions at the start
    ...Array.from({ length: 30 }, () => ['b', 8_000, 8_100] as const), // first and last base of the left flank
    ['b', 7_999, 8_101], // outside
    ['b', 11_901, 12_001], // first and last base of the right flank
    ['b', 11_900, 12_002], // outside
    ['c', 4_950, 5_051, '2'], // around the start of the reverse gene
    ['d', 500_000, 500_100],
  ]);
  expect(tssEnrichment![0]).toBeCloseTo((2 * (2 / 101)) / 0.2, 12);
  expect(tssEnrichment![1]).toBeCloseTo((2 * (2 / 101)) / (62 / 100), 12);
  expect(tssEnrichment![2]).toBeCloseTo((2 * (2 / 101)) / 0.2, 12);
  expect(tssEnrichment![3]).toBe(0);
});

test('starts at one position count once, an insertion near two starts twice', () => {
  const twin = { ...gene, name: 'TWIN', end: 12_000 };
  const near = { ...gene, name: 'NEAR', start: 10_040 };
  expect(qualityOf({ genes: [gene, twin] }, [['a', 10_000, 10_001]]).tssEnrichment![0]).toBeCloseTo(4 / 101 / 0.2, 12);
  expect(qualityOf({ genes: [gene, near] }, [['a', 10_000, 10_001]]).tssEnrichment![0]).toBeCloseTo(8 / 101 / 0.2, 12);
});

test('a cell without fragments has no quality, and many cells have room', () => {
  const counter = new CellQualityCounter({ genes: [gene], peaks: [] });
  const { fragments, tssEnrichment, shareInPeaks } = counter.result(3000);
  expect(fragments.length).toBe(3000);
  expect([fragments[2999], tssEnrichment![2999], shareInPeaks![2999]]).toEqual([0, NaN, NaN]);
});
