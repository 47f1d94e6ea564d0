import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { AppError, type ErrorCode } from '#core/base/app-error';
import { inspectStudy } from '#formats/inspect/inspect-study';
import type { Repair } from '#formats/inspect/repair';
import { openStudyFile } from '#formats/open-study-file';
import { readStudy } from '#formats/read-study';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

const header = '%%MatrixMarket matrix coordinate integer general\n';
const parts = {
  'matrix.mtx': `${header}3 2 3\n1 1 5\n3 1 2\n2 2 7\n`,
  'genes.tsv': 'ENSG00000000003\tTSPAN6\nENSG00000000005\tTNMD\nENSG00000000419\tDPM1\n',
  'barcodes.tsv': 'AAACCCAAGG-1\nAAACCCAAGT-1\n',
};

/** A folder with these files; those given replace the ones of a valid folder, null leaves one out. */
function folderOf(files: Record<string, string | Uint8Array | null>): string {
  const folder = newFolder();
  for (const [name, content] of Object.entries({ ...parts, ...files })) {
    if (content !== null) writeFileSync(join(folder, name), content);
  }
  return folder;
}

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

async function refusal(path: string, repairs: Repair[] = [], labelsFile?: string): Promise<AppError> {
  const choice = { path, repairs, ...(labelsFile === undefined ? {} : { labelsFile }) };
  const error = await readStudy(choice).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe('a broken matrix-market folder is refused with file, line and remedy', () => {
  const cases: [string, Record<string, string | Uint8Array | null>, ErrorCode, string][] = [
    ['no header', { 'matrix.mtx': '3 2 3\n1 1 5\n' }, 'reading.mtx-header', 'line 1'],
    ['sizes that are words', { 'matrix.mtx': `${header}three 2 3\n` }, 'reading.mtx-header', 'line 2'],
    ['the end in the header', { 'matrix.mtx': header }, 'reading.mtx-header', 'the end of the file'],
    ['a dense file', { 'matrix.mtx': '%%MatrixMarket matrix array real general\n3 2\n' }, 'reading.mtx-kind', 'array'],
    ['a symmetric file', { 'matrix.mtx': header.replace('general', 'symmetric') }, 'reading.mtx-kind', 'symmetric'],
    ['text for a value', { 'matrix.mtx': `${header}3 2 2\n1 1 5\n3 1 many\n` }, 'reading.mtx-line', 'line 4'],
    ['a fraction among integers', { 'matrix.mtx': `${header}3 2 1\n1 1 0.5\n` }, 'reading.mtx-line', 'line 3'],
    ['text for a row', { 'matrix.mtx': `${header}3 2 1\nx 1 5\n` }, 'reading.mtx-line', 'a row number'],
    ['a missing value', { 'matrix.mtx': `${header}3 2 1\n1 1\n` }, 'reading.mtx-line', 'line 3'],
    ['a fourth field', { 'matrix.mtx': `${header}3 2 1\n1 1 5 9\n` }, 'reading.mtx-line', 'line 3'],
    ['a row beyond the size', { 'matrix.mtx': `${header}3 2 1\n4 1 5\n` }, 'reading.mtx-out-of-range', 'row 4'],
    ['a column beyond the size', { 'matrix.mtx': `${header}3 2 1\n1 3 5\n` }, 'reading.mtx-out-of-range', 'column 3'],
    ['a row of 0', { 'matrix.mtx': `${header}3 2 1\n0 1 5\n` }, 'reading.mtx-out-of-range', 'row 0'],
    ['fewer entries than declared', { 'matrix.mtx': `${header}3 2 3\n1 1 5\n` }, 'reading.mtx-count', 'holds 1'],
    ['more entries than declared', { 'matrix.mtx': `${header}3 2 1\n1 1 5\n2 1 5\n` }, 'reading.mtx-count', 'line 4'],
    [
      'an entry given twice',
      { 'matrix.mtx': `${header}3 2 2\n2 1 5\n2 1 6\n` },
      'reading.mtx-twice',
      'ENSG00000000005',
    ],
    [
      'a value that is not finite',
      { 'matrix.mtx': `${header.replace('integer', 'real')}3 2 1\n1 1 NaN\n` },
      'reading.text-not-finite',
      'line 3',
    ],
    ['too few cell names', { 'barcodes.tsv': 'AAACCCAAGG-1\n' }, 'reading.mtx-sizes', '1 cells'],
    ['too many gene names', { 'genes.tsv': `${parts['genes.tsv']}A\tA\nB\tB\n` }, 'reading.mtx-sizes', '5 features'],
    ['no list of cells', { 'barcodes.tsv': null }, 'reading.mtx-no-names', 'barcodes.tsv'],
    ['no list of genes', { 'genes.tsv': null }, 'reading.mtx-no-names', 'features.tsv'],
    ['two matrices', { 'other.mtx': header }, 'reading.mtx-several', 'other.mtx'],
    ['an empty name', { 'barcodes.tsv': 'AAACCCAAGG-1\n\nAAACCCAAGT-1\n' }, 'reading.names-line', 'line 2'],
    ['no matrix at all', { 'matrix.mtx': null }, 'reading.folder-without-matrix', 'barcodes.tsv'],
  ];
  test.each(cases)('%s', async (_what, files, code, place) => {
    const error = await refusal(folderOf(files));
    expect(error.code).toBe(code);
    expect(error.message).toContain(place);
    expect(error.remedy.length).toBeGreaterThan(10);
  });

  test('a gzip file that was cut off, with the last whole line', async () => {
    let text = `${header}3 2 20000\n`;
    for (let i = 0; i < 20_000; i++) text += `${(i % 3) + 1} ${(i % 2) + 1} ${i * 7919}\n`;
    const whole = gzipSync(text);
    const error = await refusal(
      folderOf({ 'matrix.mtx': null, 'matrix.mtx.gz': whole.subarray(0, whole.length >> 1) }),
    );
    expect(error.code).toBe('reading.gzip-truncated');
    expect(error.message).toMatch(/after line \d+/);
  });

  test('a gzip file with damaged bytes', async () => {
    let text = `${header}3 2 20000\n`;
    for (let i = 0; i < 20_000; i++) text += `${(i % 3) + 1} ${(i % 2) + 1} ${i * 7919}\n`;
    const bytes = Uint8Array.from(gzipSync(text));
    bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 40);
    const error = await refusal(folderOf({ 'matrix.mtx': null, 'matrix.mtx.gz': bytes }));
    expect(['reading.gzip-damaged', 'reading.mtx-line']).toContain(error.code);
  });
});

describe('a broken table is refused with file, line and remedy', () => {
  const genes = 'cell,TSPAN6,TNMD,DPM1\n';
  const cases: [string, string, ErrorCode, string][] = [
    ['a line with a field less', `${genes}c1,1,2,3\nc2,1,2\n`, 'reading.csv-ragged', 'line 3'],
    ['a line with a field more', `${genes}c1,1,2,3\nc2,1,2,3,4\n`, 'reading.csv-ragged', 'line 3'],
    ['text where a number belongs', `${genes}c1,1,2,3\nc2,1,2,3\nc3,1,two,3\n`, 'reading.csv-not-a-number', 'TNMD'],
    ['an empty value', `${genes}c1,1,2,3\nc2,1,,3\n`, 'reading.csv-not-a-number', 'line 3'],
    ['a hexadecimal number', `${genes}c1,1,2,3\nc2,1,0x1F,3\n`, 'reading.csv-not-a-number', 'line 3'],
    ['a missing value', `${genes}c1,1,2,3\nc2,1,NA,3\n`, 'reading.csv-not-a-number', '"NA"'],
    ['a value that is not finite', `${genes}c1,1,2,3\nc2,1,inf,3\n`, 'reading.text-not-finite', 'line 3'],
    ['a value beyond float32', `${genes}c1,1,2,3\nc2,1,1e60,3\n`, 'reading.text-not-finite', 'line 3'],
    ['a decimal comma', 'cell;TSPAN6;TNMD\nc1;1,5;0\nc2;0,1;2\n', 'reading.csv-decimal-comma', 'line 2'],
    ['a quote that is not closed', `${genes}c1,1,2,3\n"c2,1,2,3\n`, 'reading.csv-quotes', 'line 3'],
    ['text behind a quote', `${genes}c1,1,2,3\n"c"2,1,2,3\n`, 'reading.csv-quotes', 'line 3'],
    ['a header alone', genes, 'reading.csv-no-rows', 'no rows'],
    ['no numbers', 'cell,label\nc1,a\nc2,b\n', 'reading.csv-no-numbers', 'label'],
    ['no header', '1,0,2,0\n2,0,1,0\n3,1,1,0\n', 'reading.csv-no-header', '0, 2, 0'],
    ['a row without a name', `${genes}c1,1,2,3\n,1,2,3\n`, 'reading.csv-no-name', 'line 3'],
    ['a column without a name', 'cell,TSPAN6,,DPM1\nc1,1,2,3\nc2,1,2,3\n', 'reading.csv-no-name', 'line 1'],
    ['a single column', 'TSPAN6\nTNMD\nDPM1\n', 'reading.unknown-format', 'TSPAN6'],
  ];
  test.each(cases)('%s', async (_what, text, code, place) => {
    const error = await refusal(fileOf('table.csv', text));
    expect(error.code).toBe(code);
    expect(error.message).toContain(place);
    expect(error.remedy.length).toBeGreaterThan(10);
  });

  test('a table that was cut off in the middle of gzip', async () => {
    let text = genes;
    for (let i = 0; i < 30_000; i++) text += `c${i},${i % 3},${(i * 7919) % 1000},${i}\n`;
    const whole = gzipSync(text);
    const error = await refusal(fileOf('table.csv.gz', whole.subarray(0, whole.length >> 1)));
    expect(error.code).toBe('reading.gzip-truncated');
  });
});

describe('what is no study is refused with what it is', () => {
  const cases: [string, string | Uint8Array, ErrorCode][] = [
    ['empty.h5ad', '', 'reading.empty-file'],
    ['empty.csv.gz', gzipSync(''), 'reading.empty-file'],
    ['object.csv', gzipSync(Buffer.from('X\n\0\0\0\x02\0\x04')), 'reading.r-file'],
    ['object.rds', Buffer.from('BZh91AY&SY\x01\x02'), 'reading.r-file'],
    ['reads.bam', gzipSync(Buffer.from('BAM\x01\x02\0\0\0')), 'reading.alignments'],
    ['reads.fastq', '@read1\nACGTACGT\n+\nIIIIIIII\n', 'reading.alignments'],
    ['index.csv', gzipSync(Buffer.from('TBI\x01\0\0')), 'reading.tabix-index'],
    ['picture.h5', Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1'), 'reading.image'],
    ['paper.csv', '%PDF-1.7\n', 'reading.image'],
    ['peaks.bed', 'chr1\t10\t20\nchr1\t30\t40\n', 'reading.bed'],
    ['peaks.narrowPeak', 'chr1\t10\t20\tp1\t5\t.\t1\t2\t3\t4\nchr2\t30\t40\tp2\t5\t.\t1\t2\t3\t4\n', 'reading.bed'],
    ['atac.tsv', 'chr1\t10\t20\tAAACCCAAGGTT-1\t1\nchr1\t30\t40\tAAACCCAAGGTA-1\t2\n', 'reading.build-unknown'],
    ['genes.gtf', '#!build\nchr1\tHAVANA\tgene\t11869\t14409\t.\t+\t.\tgene_id "A";\n', 'reading.gene-annotation'],
    ['page.h5ad', '<!DOCTYPE html><html></html>', 'reading.web-page'],
    ['notes.json', '{"a": 1, "b": 2}\n', 'reading.unknown-format'],
    ['random.bin', Uint8Array.from([1, 2, 3, 0, 5, 6, 7, 8]), 'reading.unknown-format'],
    ['sheet.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'reading.spreadsheet'],
    ['store.zip', zipOf('store.zarr/.zgroup'), 'reading.zarr'],
    ['sheet.xlsx', zipOf('xl/workbook.xml'), 'reading.spreadsheet'],
    ['data.zip', zipOf('data/matrix.mtx'), 'reading.archive'],
    ['utf16.csv', Buffer.from('\ufeffcell,A\nc1,1\n', 'utf16le'), 'reading.text-encoding'],
    ['matrix.h5ad.zst', Buffer.from('28b52ffd00000000', 'hex'), 'reading.compressed-otherwise'],
  ];
  test.each(cases)('%s', async (name, content, code) => {
    const error = await refusal(fileOf(name, content));
    expect(error.code).toBe(code);
    expect(error.message).toContain(name);
  });

  test('a path that leads nowhere', async () => {
    const error = await refusal(join(newFolder(), 'gone.h5ad'));
    expect(error.code).toBe('reading.no-such-file');
    expect(error.message).toContain('gone.h5ad');
  });

  test('a folder that is a zarr store, and one that is empty', async () => {
    const zarr = newFolder();
    writeFileSync(join(zarr, '.zgroup'), '{}');
    mkdirSync(join(zarr, 'X'));
    expect((await refusal(zarr)).code).toBe('reading.zarr');
    expect((await refusal(newFolder())).code).toBe('reading.folder-without-matrix');
  });
});

describe('a labels file that does not fit is refused', () => {
  const study = 'cell,TSPAN6,TNMD\nc1,1,2\nc2,3,4\n';
  const cases: [string, string, ErrorCode, string][] = [
    ['no cell in common', 'cell,label\nx1,a\nx2,b\n', 'reading.labels-match-nothing', 'x1'],
    ['a cell on two lines', 'cell,label\nc1,a\nc2,b\nc1,c\n', 'reading.labels-duplicate-cell', 'lines 2 and 4'],
    ['a line with a field more', 'cell,label\nc1,a\nc2,b,c\n', 'reading.csv-ragged', 'line 3'],
    ['cell names alone', 'cell\nc1\nc2\n', 'reading.labels-no-columns', 'labels.csv'],
  ];
  test.each(cases)('%s', async (_what, labels, code, place) => {
    const error = await refusal(fileOf('study.csv', study), [], fileOf('labels.csv', labels));
    expect(error.code).toBe(code);
    expect(error.message).toContain(place);
  });
});

describe('repairs that do not fit are refused, names given twice without their repair too', () => {
  const twice = 'cell,TSPAN6,TNMD\nc1,1,2\nc1,3,4\n';
  test.each<[string, Repair[], ErrorCode]>([
    [twice, [], 'reading.duplicate-cells'],
    ['cell,TSPAN6,TSPAN6\nc1,1,2\nc2,3,4\n', [], 'reading.duplicate-features'],
    [twice, [{ kind: 'use-matrix', slot: 'layers/counts' }], 'reading.no-such-matrix'],
    [twice, [{ kind: 'map-ensembl-to-symbols' }], 'reading.repair-does-not-fit'],
    [twice, [{ kind: 'add-chr' }], 'reading.repair-does-not-fit'],
    [
      twice,
      [{ kind: 'make-cell-names-unique' }, { kind: 'drop-cells-below', counts: 99 }],
      'reading.repair-leaves-nothing',
    ],
  ])('%j with %j is refused', async (text, repairs, code) => {
    expect((await refusal(fileOf('study.csv', text), repairs)).code).toBe(code);
  });

  test('the report offers the repair, and with it the study is read', async () => {
    const path = fileOf('study.csv', twice);
    const report = await inspectStudy({ path, repairs: [] });
    const found = report.findings.find(({ code }) => code === 'names.duplicate-cells')!;
    expect(found.severity).toBe('problem');
    expect(found.text).toBe('1 cell bears a name that another cell has (c1).');
    const study = await readStudy({ path, repairs: [found.repair!] });
    expect(study.cells.ids).toEqual(['c1', 'c1-1']);
  });
});

test('a valid folder is opened by its matrix file as by itself', async () => {
  const folder = folderOf({});
  for (const path of [folder, join(folder, 'matrix.mtx')]) {
    const file = await openStudyFile(path);
    expect(file.slots).toMatchObject([{ id: 'matrix', cells: 2, features: 3, stored: 3 }]);
    file.close();
  }
});

/** The first local header of a zip file, enough to tell what it holds. */
function zipOf(name: string): Uint8Array {
  const head = Buffer.alloc(30);
  head.write('PK\x03\x04', 'latin1');
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, Buffer.from(name), Buffer.from('data')]);
}
