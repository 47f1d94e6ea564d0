import { expect, test } from 'vitest';
import { compareContigs, contigKey, sameContigs } from '#core/chromatin/contigs';
import { CoverageCounter } from '#core/chromatin/coverage';
import type { GeneModel } from '#core/chromatin/gene-model';
import { geneNamed, genesIn, parseRegion, regionAround, widestRegion } from '#core/chromatin/region';

const gene = (name: string, start: number, end: number, contig = 'chr11'): GeneModel => ({
  ...{ name, start, end, contig },
  strand: '+',
});
const genes = [
  gene('CD3E', 900, 1000),
  gene('CD3E', 500, 1000),
  gene('CD3D', 2000, 3000),
  gene('Cd3e', 1, 2),
  gene('CD30', 1, 9, 'chr1'),
];

test('a gene is found by its name, the longest entry of it, in any case where the case does not tell', () => {
  expect(geneNamed(genes, 'CD3E').start).toBe(500);
  expect(geneNamed(genes, ' Cd3e ').end).toBe(2);
  expect(geneNamed(genes, 'cd3d').start).toBe(2000);
});

test('a gene that is not there is answered with those that begin alike', () => {
  expect(() => geneNamed(genes, 'CD3G')).toThrow(
    expect.objectContaining({
      code: 'chromatin.no-such-gene',
      details: { gene: 'CD3G', alike: ['CD30', 'CD3D', 'CD3E', 'Cd3e'] },
    }),
  );
  expect(() => geneNamed([], 'X')).toThrow(expect.objectContaining({ message: 'The gene list has no gene "X".' }));
});

test('regions are read as browsers write them', () => {
  expect(parseRegion('chr11:60,000,001-60,000,100')).toEqual({ contig: 'chr11', start: 60_000_000, end: 60_000_100 });
  expect(parseRegion(' 11 5 .. 5 ')).toEqual({ contig: '11', start: 4, end: 5 });
  expect(parseRegion('HLA-A*01:1-9')).toEqual({ contig: 'HLA-A*01', start: 0, end: 9 });
});

test.each([
  ['chr11', 'not contig:start-end'],
  ['chr11:a-b', 'not contig:start-end'],
  ['chr11:0-5', 'counted from 1'],
  ['chr11:9-5', 'end lies before its start'],
  [`chr11:1-${widestRegion + 1}`, 'bases wide'],
])('the region %s is refused: %s', (text, problem) => {
  expect(() => parseRegion(text)).toThrow(
    expect.objectContaining({ code: 'chromatin.bad-region', message: expect.stringContaining(problem) as string }),
  );
});

test('around a gene at the start of a contig there is what there is', () => {
  expect(regionAround(genes[1]!, 800)).toEqual({ contig: 'chr11', start: 0, end: 1800 });
  expect(() => regionAround(gene('WIDE', 0, widestRegion))).toThrow(
    expect.objectContaining({
      code: 'chromatin.bad-region',
      message: expect.stringContaining('WIDE with 5000') as string,
    }),
  );
});

test('the genes of a region are those with a base in it, by start', () => {
  const found = genesIn(genes, { contig: '11', start: 999, end: 2001 });
  expect(found.map(({ name, start }) => [name, start])).toEqual([
    ['CD3E', 500],
    ['CD3E', 900],
    ['CD3D', 2000],
  ]);
});

test('coverage says what has to be read, and takes depths that are known', () => {
  const counter = new CoverageCounter({ contig: 'chr1', start: 20, end: 30 }, ['A'], Int32Array.of(0), { genes });
  expect(counter.reads).toEqual({ contig: 'chr1', start: 0, end: 80 });
  counter.add(
    {
      ...{ length: 1, contigs: ['1'], barcodes: ['a'], count: null },
      ...{ contig: Int32Array.of(0), start: Int32Array.of(25), end: Int32Array.of(26), barcode: Int32Array.of(0) },
    },
    { rows: 1, of: () => Int32Array.of(0) },
  );
  const { tracks, unit, smoothing, genes: drawn } = counter.result([4_000_000]);
  expect(tracks[0]!.values).toEqual(new Array(10).fill(2 / 4 / 100));
  expect([tracks[0]!.depth, tracks[0]!.insertions, unit, smoothing]).toEqual([
    ...[4_000_000, 2, 'insertions per base and million insertions', 'mean over 100 bases'],
  ]);
  expect(drawn).toEqual([]);
});

test.each([
  ['chr1', '1'],
  ['Chr1', '1'],
  ['chrX', 'x'],
  ['chrM', 'MT'],
  ['chrUn_GL000009v2', 'GL000009.2'],
  ['chr14_GL000009v2_random', 'GL000009.2'],
  ['chr6_GL000250v2_alt', 'GL000250.2'],
  ['scaffold_12', ' scaffold_12'],
])('%s and %s are one contig', (a, b) => {
  expect(contigKey(a)).toBe(contigKey(b));
  expect(sameContigs(a)(b)).toBe(true);
});

test.each([
  ['chr1', 'chr11'],
  ['chrX', 'chrY'],
  ['chr14', 'chr14_GL000009v2_random'],
])('%s and %s are two', (a, b) => {
  expect(sameContigs(a)(b)).toBe(false);
});

test('contigs are put in the order of people', () => {
  const names = ['chrM', 'chr10', 'scaffold_2', 'X', 'chr2', 'Y', '1', 'KI270706.1'];
  expect(names.sort(compareContigs)).toEqual(['1', 'chr2', 'chr10', 'X', 'Y', 'chrM', 'KI270706.1', 'scaffold_2']);
});
