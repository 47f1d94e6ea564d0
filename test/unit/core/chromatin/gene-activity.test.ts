import { expect, test } from 'vitest';
import { GeneActivityCounter, type GeneModel } from '#core/chromatin/gene-activity';
import { denseOf } from '#test/support/arbitrary-matrix';

const forward: GeneModel = { name: 'FWD', contig: 'chr1', start: 10_000, end: 12_000, strand: '+' };
const reverse: GeneModel = { name: 'REV', contig: 'chr1', start: 20_000, end: 22_000, strand: '-' };

function counted(models: readonly GeneModel[], fragments: readonly [cell: number, start: number, end: number][]) {
  const counter = new GeneActivityCounter(models, 2);
  for (const [cell, start, end] of fragments) counter.add(cell, 'chr1', start, end);
  return counter.result();
}

test('the promoter lies before a forward gene and behind a reverse one', () => {
  const { genes, matrix } = counted(
    [forward, reverse],
    [
      [0, 8_000, 8_100], // first base of the forward promoter
      [0, 7_900, 8_000], // both ends before it
      [1, 23_900, 24_000], // last base of the reverse promoter
      [1, 24_000, 24_100], // both ends behind it
      [1, 19_000, 19_900], // before the reverse gene
    ],
  );
  expect(genes).toEqual(['FWD', 'REV']);
  expect(denseOf(matrix)).toEqual([
    [2, 0],
    [0, 2],
  ]);
});

test('a fragment across the border counts only the end that lies inside', () => {
  expect(denseOf(counted([forward], [[0, 11_990, 12_050]]).matrix)).toEqual([[1], [0]]);
});

test('overlapping genes both count an insertion, which is used once', () => {
  const inner = { ...forward, name: 'INNER', start: 10_500, end: 11_000 };
  const { matrix, used, total } = counted([forward, inner], [[0, 10_600, 10_700]]);
  expect(denseOf(matrix)[0]).toEqual([2, 2]);
  expect([used, total]).toEqual([2, 2]);
});

test('of entries with one name the longest counts, and entries wider than 500 kb are left out', () => {
  const short = { ...forward, end: 10_100 };
  const huge = { ...forward, name: 'HUGE', end: 600_000 };
  const { genes, matrix } = counted([short, forward, huge], [[0, 11_000, 11_500]]);
  expect(genes).toEqual(['FWD']);
  expect(denseOf(matrix)[0]).toEqual([2]);
});

test('a cell that was not announced is a fault', () => {
  expect(() => counted([forward], [[2, 1, 2]])).toThrow('cell 2 of 2');
});
