import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { AppError, ErrorCode } from '#core/base/app-error';
import type { Study } from '#core/data/study';
import { fileKind } from '#formats/detect/file-kind';
import { readStudy, readStudyTables } from '#formats/read-study';
import { hasSharedData, sharedData } from '#test/support/shared-data';
import { barcodeOf, fragmentLines, smallFragments } from '#test/support/small-fragments';
import { denseOf } from '#test/support/arbitrary-matrix';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

const fragments = smallFragments({ count: 400, barcodes: 4, seed: 3, span: 2_000_000 });
const good = fragmentLines(fragments);
const lines = good.trimEnd().split('\n');
const eachLine = (change: (fields: string[]) => string): string =>
  lines.map((line) => `${change(line.split('\t'))}\n`).join('');

/** Sixty genes of both strands on the chromosomes of the fragments. */
const genes = Array.from(
  { length: 60 },
  (_, i) =>
    `chr${1 + (i % 2)}\t${60_000 * (i >> 1)}\t${60_000 * (i >> 1) + 30_000}\tG${i}\t${i % 3 === 0 ? '+' : '-'}\n`,
).join('');
const chromatinOf = () => ({ annotation: fileOf('genes.bed', genes), minimumFragments: 1 });

describe('a fragments file that is unusual is read as the usual one', () => {
  const longHeader = Array.from({ length: 400 }, (_, i) => `# primary_contig=KI${270_000 + i}.1\n`).join('');
  const cases: [string, string | Uint8Array][] = [
    ['CRLF', good.replaceAll('\n', '\r\n')],
    ['no line break at the end', good.trimEnd()],
    ['a byte-order mark', `\uFEFF${good}`],
    ['a line of titles', `chrom\tstart\tend\tbarcode\tcount\n${good}`],
    ['a negative position in the first line', `chr1\t-5\t100\t${barcodeOf(0)}\t1\n${good}`],
    ['a position above 2³¹ in the first line', `chr1\t5\t99999999999\t${barcodeOf(0)}\t1\n${good}`],
    ['a line with three columns first', `chr1\t10\t20\n${good}`],
    ['a track line of a browser', `track name=atac\n${good}`],
    ['four columns', eachLine((fields) => fields.slice(0, 4).join('\t'))],
    ['six columns, a strand behind', eachLine((fields) => [...fields, '+'].join('\t'))],
    ['chromosomes as Ensembl names them', good.replaceAll('chr', '')],
    ['a header that lists hundreds of contigs', longHeader + good],
    ['such a header, gzip', gzipSync(longHeader + good)],
    ['an empty line in front', `\n\n${good}`],
  ];
  test.each(cases)('%s', async (_what, content) => {
    const expected = await readStudy({ path: fileOf('plain.tsv', good), repairs: [], chromatin: chromatinOf() });
    const study = await readStudy({ path: fileOf('other.tsv', content), repairs: [], chromatin: chromatinOf() });
    expect(study.cells.ids).toEqual(expected.cells.ids);
    expect(study.cells.columns).toEqual(expected.cells.columns);
    expect(study.matrix).toEqual(expected.matrix);
    expect(expected.matrix.values.length).toBeGreaterThan(0);
  });

  test('all barcodes the same: one cell with everything', async () => {
    const path = fileOf(
      'one.tsv',
      eachLine(([contig, start, end]) => [contig, start, end, barcodeOf(7)].join('\t')),
    );
    const whole = await readStudy({ path: fileOf('plain.tsv', good), repairs: [], chromatin: chromatinOf() });
    const study = await readStudy({ path, repairs: [], chromatin: chromatinOf() });
    expect(study.cells.ids).toEqual([barcodeOf(7)]);
    expect(study.cells.columns.get('n_fragments')).toEqual({ kind: 'number', values: Float64Array.of(400) });
    const sums = denseOf(whole.matrix).reduce((sum, row) => sum.map((value, j) => value + row[j]!));
    expect(denseOf(study.matrix)).toEqual([sums]);
  });
});

describe('a fragments file that is broken is refused with what is wrong', () => {
  const cut = gzipSync(good);
  const cases: [string, string | Uint8Array, ErrorCode, string][] = [
    ['cut off in the middle of gzip', cut.subarray(0, cut.length >> 1), 'reading.gzip-truncated', 'after line'],
    ['only the head of gzip', cut.subarray(0, 12), 'reading.gzip-truncated', 'after line 0'],
    ['empty', '', 'reading.empty-file', '0 bytes'],
    ['gzip of nothing', gzipSync(''), 'reading.empty-file', 'other.tsv'],
    ['a header alone', '# pipeline_name=cellranger-atac\n# primary_contig=chr1\n', 'reading.no-fragments', '2 header'],
    [
      'the barcode in front',
      eachLine(([contig, start, end, barcode]) => [barcode, contig, start, end].join('\t')),
      'reading.malformed-fragments',
      'the positions stand in columns 3 and 4',
    ],
    [
      'start and end swapped',
      eachLine(([contig, start, end, barcode]) => [contig, end, start, barcode].join('\t')),
      'reading.malformed-fragments',
      'the end is not behind the start',
    ],
    ['blanks for tabs', good.replaceAll('\t', ' '), 'reading.malformed-fragments', 'not separated by tabs'],
    ['commas for tabs', good.replaceAll('\t', ','), 'reading.malformed-fragments', 'not separated by tabs'],
    [
      'negative positions throughout',
      eachLine(([contig, start, end, barcode]) => [contig, `-${start}`, end, barcode].join('\t')),
      'reading.malformed-fragments',
      'a position is negative',
    ],
    [
      'positions above 2³¹ throughout',
      eachLine(([contig, start, , barcode]) => [contig, start, '99999999999', barcode].join('\t')),
      'reading.malformed-fragments',
      'larger than 2147483647',
    ],
    ['contigs of no known genome', good.replaceAll('chr', 'scaffold_'), 'chromatin.no-contig-in-common', 'scaffold_1'],
  ];
  test.each(cases)('%s', async (_what, content, code, says) => {
    const path = fileOf('other.tsv', content);
    const error = await readStudy({ path, repairs: [], chromatin: chromatinOf() }).then(
      () => null,
      (thrown: unknown) => thrown as AppError,
    );
    expect(error?.code).toBe(code);
    expect(error!.message).toContain(says);
    expect(error!.remedy.length).toBeGreaterThan(10);
  });

  test('contigs of no known genome, without a word of the genome', async () => {
    const path = fileOf('other.tsv', good.replaceAll('chr', 'scaffold_'));
    await expect(readStudy({ path, repairs: [], chromatin: { minimumFragments: 1 } })).rejects.toMatchObject({
      code: 'reading.build-unknown',
    });
  });
});

describe('what else speaks of places is told apart from fragments', () => {
  test.each([
    ['BED', 'chr1\t10\t200\tpeak1\nchr1\t300\t500\tpeak2\n'],
    ['BED with chromosomes as Ensembl names them', '1\t1000\t2000\nX\t3000\t5000\n'],
    ['BED behind a track line', 'track type=narrowPeak name="x"\nchr1\t10\t200\tp1\t5\t.\t1\t2\t3\t4\n'],
    ['BED with titles', 'chrom\tchromStart\tchromEnd\tname\nchr1\t10\t200\tp1\nchr2\t10\t200\tp2\n'],
    ['BED with more columns', 'chr1\t10\t200\tp1\t7\t+\t8\nchr2\t10\t200\tp2\t7\t-\t8\n'],
  ])('%s', async (_what, text) => {
    await expect(fileKind(fileOf('places.txt', text))).rejects.toMatchObject({ code: 'reading.bed' });
  });

  test.each([
    ['counts of named cells', 'cell\tA\tB\tC\nc1\t1\t2000\t3\nc2\t0\t1\t1\n'],
    ['counts of numbered cells', 'cell\tA\tB\tC\n1\t1\t2\t3\n2\t0\t1\t1\n'],
    ['counts of barcodes', `cell\tA\tB\tC\n${barcodeOf(1)}\t1\t2\t3\n${barcodeOf(2)}\t0\t1\t1\n`],
    ['counts of barcodes, with commas', `cell,A,B,C\n${barcodeOf(1)},1,2,3\n${barcodeOf(2)},0,1,1\n`],
    ['numbered rows with a barcode', `\tn\tm\tcell\n0\t5\t20\t${barcodeOf(1)}\n1\t7\t30\t${barcodeOf(2)}\n`],
    ['cells with a label', `cell\tn\tm\tlabel\n${barcodeOf(1)}\t1\t2\tT\n${barcodeOf(2)}\t2\t3\tT\n`],
  ])('a table of %s', async (_what, text) => {
    expect(await fileKind(fileOf('table.tsv', text))).toBe('table');
  });
});

describe.skipIf(!hasSharedData)('fragments that other programs wrote', () => {
  const choice = (file: string, annotation?: string) => ({
    path: sharedData(`readers/fragments/${file}`),
    repairs: [],
    chromatin: { minimumFragments: 1, annotation },
  });
  const fragmentsOf = (study: Pick<Study, 'cells'>): number => {
    const column = study.cells.columns.get('n_fragments');
    return column?.kind === 'number' ? column.values.reduce((sum, value) => sum + value, 0) : NaN;
  };

  test.each([
    ['signac.tsv.gz', 54, 100, 100],
    ['signac_header.tsv.gz', 54, 100, 100],
    ['snapatac2.tsv.gz', 17_751, 17_751, 17_751],
  ])('%s: every barcode is a cell with one fragment or more', async (file, cells, fewest, most) => {
    const study = await readStudy(choice(file, 'hg38'));
    expect([study.modality, study.valueKind, study.species]).toEqual(['gene-activity', 'counts', 'human']);
    expect([study.matrix.rows, study.cells.ids.length]).toEqual([cells, cells]);
    expect(fragmentsOf(study)).toBeGreaterThanOrEqual(fewest);
    expect(fragmentsOf(study)).toBeLessThanOrEqual(most);
  });

  test.each([
    ['bpcells_4col.tsv.gz', 2065, 14_678],
    ['cellxgene.tsv.bgz', 23_292, 37_249],
  ])('%s: barcodes fall off behind a knee; the tables say the same cells', async (file, barcodes, all) => {
    const study = await readStudy(choice(file, 'hg38'));
    expect(study.matrix.rows).toBeGreaterThan(0);
    expect(study.matrix.rows).toBeLessThan(barcodes);
    expect(fragmentsOf(study)).toBeLessThan(all);
    const tables = await readStudyTables(choice(file, 'hg38'));
    expect(tables.cells.ids).toEqual(study.cells.ids);
  });

  test('a build that the file names itself, and one told by the places', async () => {
    const named = await readStudy(choice('signac_header.tsv.gz'));
    expect(named.species).toBe('human');
    const told = await readStudy(choice('bpcells_4col.tsv.gz'));
    expect([told.species, told.features.ids.length]).toEqual(['human', 19_804]); // hg19
  });

  test.each([
    ['signac.tsv.gz', { minimumFragments: 1 }, 'reading.build-unknown', 'signac.tsv.gz'],
    ['signac_header.tsv.gz', {}, 'chromatin.no-cells', 'the fullest has 8'],
    ['snapatac2.tsv.gz', {}, 'chromatin.no-cells', 'None of the 17751 barcodes of snapatac2.tsv.gz'],
    ['cellxgene.tsv.bgz', {}, 'chromatin.no-cells', 'the fullest has 23'],
  ])('%s as it is: %j is refused with %s', async (file, own, code, says) => {
    const path = sharedData(`readers/fragments/${file}`);
    const refusal = readStudy({ path, repairs: [], chromatin: own });
    await expect(refusal).rejects.toMatchObject({ code, message: expect.stringContaining(says) as string });
  });
});
