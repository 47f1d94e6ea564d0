import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Column } from '#core/data/column';
import type { FeatureTable } from '#core/data/study';
import { contigTable, isChromosome } from '#formats/intervals/contig-names';
import { parsePeakName } from '#formats/intervals/parse-peak-name';
import { peakIntervals } from '#formats/intervals/peak-intervals';

describe('parsePeakName', () => {
  test.each([
    ['chr1:100-200', 'chr1'],
    ['chr1-100-200', 'chr1'],
    ['chr1_100_200', 'chr1'],
    ['chr1:100_200', 'chr1'],
    ['chr1:100..200', 'chr1'],
    ['chr1.100.200', 'chr1'],
    ['chr1 100 200', 'chr1'],
    ['chr1\t100\t200', 'chr1'],
    ['1:100-200', '1'],
    ['X1.100.200', '1'],
    ['X.100.200', 'X'],
    ['X:100-200', 'X'],
    ['X1:100-200', 'X1'],
    [' chr1:100-200 ', 'chr1'],
    ['chr1:100-200:+', 'chr1'],
    ['chr1:100-200:*', 'chr1'],
    ['chr1:100-200(-)', 'chr1'],
    ['GL000192.1:100-200', 'GL000192.1'],
    ['GL000192.1-100-200', 'GL000192.1'],
    ['GL000192.1_100_200', 'GL000192.1'],
    ['chr1_KI270706v1_random:100-200', 'chr1_KI270706v1_random'],
    ['chr1_KI270706v1_random_100_200', 'chr1_KI270706v1_random'],
    ['chrUn-GL456210-100-200', 'chrUn-GL456210'],
    ['NC_000001.11:100-200', 'NC_000001.11'],
    ['HLA-A*01:01:01:01:100-200', 'HLA-A*01:01:01:01'],
    ['2L:100-200', '2L'],
  ])('%j lies on %s', (name, contig) => {
    expect(parsePeakName(name)).toEqual({ contig, start: 100, end: 200 });
  });

  test('thousands may be marked by commas', () => {
    expect(parsePeakName('chr1:1,000,100-1,000,250')).toEqual({ contig: 'chr1', start: 1_000_100, end: 1_000_250 });
    expect(parsePeakName('chr1:1,00-200')).toBeNull();
  });

  test.each([
    'TP53',
    'ENSG00000141510.17',
    'HLA-DRA',
    'RP11-34P13.3',
    'chr1',
    'chr1:100',
    'chr1:-100-200',
    'chr1:200-100',
    'chr1:100-100',
    'chr1:100-2147483648',
    'chr1:ten-20',
    'peak_1',
    ':100-200',
    '',
  ])('%j is no interval', (name) => {
    expect(parsePeakName(name)).toBeNull();
  });

  test('every spelling gives back what was spelled', () => {
    const contigs = ['chr1', 'chrX', '1', 'MT', 'GL000192.1', 'chrUn_KI270742v1', 'chr4_GL000008v2_random'];
    fc.assert(
      fc.property(
        fc.constantFrom(...contigs),
        fc.nat(2 ** 31 - 2),
        fc.nat(1e6),
        fc.constantFrom([':', '-'], ['-', '-'], ['_', '_'], [':', '_'], [':', '..'], ['.', '.'], ['\t', '\t']),
        fc.constantFrom('', ':+', '(-)'),
        (contig, start, width, [first, second], strand) => {
          const end = Math.min(2 ** 31 - 1, start + width + 1);
          expect(parsePeakName(`${contig}${first}${start}${second}${end}${strand}`)).toEqual({ contig, start, end });
        },
      ),
    );
  });
});

describe('peakIntervals', () => {
  const table = (ids: string[], names = ids, columns: [string, Column][] = []): FeatureTable => ({
    ids,
    names,
    idType: 'other',
    columns: new Map(columns),
  });

  test('says how many features name an interval, and which do not', () => {
    const found = peakIntervals(table(['chr1:1-5', 'ERCC-1', 'chr2_3_9', 'a', 'b', 'c']));
    expect(found.parsed).toBe(2);
    expect(found.intervals.slice(0, 3)).toEqual([
      { contig: 'chr1', start: 1, end: 5 },
      null,
      { contig: 'chr2', start: 3, end: 9 },
    ]);
    expect(found.unparsed).toEqual(['ERCC-1', 'a', 'b']);
  });

  test('looks at the name, then at a column with the place, then at three columns', () => {
    const ids = ['p1', 'p2'];
    const text = (...values: (string | null)[]): Column => ({ kind: 'text', values });
    const number = (...values: number[]): Column => ({ kind: 'number', values: Float64Array.from(values) });
    const expected = [{ contig: 'chr1', start: 1, end: 5 }, null];
    expect(peakIntervals(table(ids, ['chr1:1-5', 'x'])).intervals).toEqual(expected);
    expect(peakIntervals(table(ids, ids, [['Interval', text('chr1:1-5', null)]])).intervals).toEqual(expected);
    const columns: [string, Column][] = [
      ['seqnames', text('chr1', 'chr1')],
      ['start', number(1, 7)],
      ['end', number(5, NaN)],
    ];
    expect(peakIntervals(table(ids, ids, columns)).intervals).toEqual(expected);
  });
});

describe('contig names', () => {
  test('accessions and old UCSC names become names that can be compared; others stay', async () => {
    const names = await contigTable();
    expect(
      [
        'NC_000001.10',
        'NC_000001.11',
        'NC_000067.6',
        'CM000686.2',
        'NC_012920.1',
        'chr1_gl000192_random',
        'NT_187361.1',
        'chr1',
        '1',
        'chrUn_KI270742v1',
        'NC_999999.9',
        'contig7',
      ].map((name) => names.nameOf(name)),
    ).toEqual([
      'chr1',
      'chr1',
      'chr1',
      'chrY',
      'chrM',
      'GL000192.1',
      'KI270706.1',
      'chr1',
      '1',
      'chrUn_KI270742v1',
      'NC_999999.9',
      'contig7',
    ]);
  });

  test('lengths are found by any name of the contig', async () => {
    const names = await contigTable();
    for (const name of ['chr1', '1', 'CHR1', 'NC_000001.11', 'CM000663.2']) {
      expect(names.lengthOf('hg38', name)).toBe(248_956_422);
    }
    expect(names.lengthOf('hg19', 'GL000192.1')).toBe(547_496);
    expect(names.lengthOf('hg19', 'chr1_gl000192_random')).toBe(547_496);
    expect(names.lengthOf('hg19', 'MT')).toBe(16_571);
    expect(names.lengthOf('mm10', 'chr20')).toBeNull();
    expect(names.buildsOf('NC_000001.10')).toEqual(['hg19']);
    expect(names.buildsOf('chr1')).toEqual([]);
  });

  test('chromosomes are told from unplaced pieces', () => {
    expect(['chr1', '22', 'chrX', 'MT', 'chrM', 'Y'].every(isChromosome)).toBe(true);
    expect(['GL000192.1', 'chr1_KI270706v1_random', 'chrUn_1', 'scaffold_1', 'chr'].some(isChromosome)).toBe(false);
  });
});
