import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readBarcodes } from '#formats/chromatin/read-barcodes';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

const [a, b, c] = ['AAACGAAAGCGCGTTC-1', 'TTTGTGTCAACCTAAC-1', 'GGGTCTGCAACCTAAC-1'];
const plain = `${a}\n${b}\n${c}\n`;

describe('a list with one barcode in each line', () => {
  test.each<[string, string | Uint8Array]>([
    ['plain', plain],
    ['gzip', gzipSync(plain)],
    ['CRLF', plain.replaceAll('\n', '\r\n')],
    ['no line break at the end', plain.trimEnd()],
    ['empty lines', `\n${plain.replaceAll('\n', '\n\n')}`],
    ['thirty empty lines in front', '\n'.repeat(30) + plain],
    ['comments', `# of the run\n${plain}`],
    ['a byte-order mark', `\uFEFF${plain}`],
    ['quotes', plain.replaceAll(/^(.+)$/gm, '"$1"')],
    ['blanks and tabs at the ends', plain.replaceAll('\n', ' \t\n')],
    ['a comma behind each', plain.replaceAll('\n', ',\n')],
    ...['barcode', 'Barcodes', 'cell', 'cell_id', 'Cell names', 'x', '"x"'].map((title): [string, string] => [
      `the title ${title}`,
      `${title}\n${plain}`,
    ]),
  ])('%s', async (_what, content) => {
    const { ids, columns } = await readBarcodes(fileOf('barcodes.tsv', content));
    expect(ids).toEqual([a, b, c]);
    expect(columns.size).toBe(0);
  });

  test('a title counts as one only in front; names of cells may be anything', async () => {
    expect((await readBarcodes(fileOf('list.txt', 'pbmc#1\ncell\nx\n'))).ids).toEqual(['pbmc#1', 'cell', 'x']);
  });

  test('a hundred thousand barcodes stay in their order', async () => {
    const ids = Array.from({ length: 100_000 }, (_, i) => `cell-${(i * 7919) % 100_000}`);
    expect((await readBarcodes(fileOf('many.txt.gz', gzipSync(ids.join('\n'))))).ids).toEqual(ids);
  });

  test('a barcode on two lines is refused with both', async () => {
    const refusal = readBarcodes(fileOf('list.txt', `barcode\n${plain}${b}\n`));
    await expect(refusal).rejects.toMatchObject({ code: 'reading.labels-duplicate-cell' });
    await expect(refusal).rejects.toThrow(/TTTGTGTCAACCTAAC-1.*lines 3 and 5/);
  });

  test.each<[string, string | Uint8Array]>([
    ['empty', ''],
    ['gzip of nothing', gzipSync('')],
    ['empty lines alone', '\n\n\r\n'],
    ['a title alone', 'barcode\n'],
    ['comments alone', '# nothing\n'],
  ])('%s: no barcode', async (_what, content) => {
    const refusal = readBarcodes(fileOf('none.txt', content));
    await expect(refusal).rejects.toMatchObject({ code: 'reading.no-barcodes' });
    await expect(refusal).rejects.toThrow('none.txt');
  });

  test('a path that leads nowhere, and one that leads to a folder', async () => {
    const folder = newFolder();
    await expect(readBarcodes(join(folder, 'gone.tsv'))).rejects.toMatchObject({ code: 'reading.no-such-file' });
    mkdirSync(join(folder, 'barcodes'));
    await expect(readBarcodes(join(folder, 'barcodes'))).rejects.toMatchObject({
      code: 'reading.folder-for-file',
    });
  });
});

describe('a table of cells', () => {
  test.each([
    ['tabs', '\t'],
    ['commas', ','],
    ['semicolons', ';'],
  ])('with %s: the first column names the cells, the others come along', async (_what, mark) => {
    const text = `cell,label,depth\n${a},T,10\n${b},"B",20\n`.replaceAll(',', mark);
    const { ids, columns } = await readBarcodes(fileOf('cells.csv', text));
    expect(ids).toEqual([a, b]);
    expect([...columns.keys()]).toEqual(['label', 'depth']);
    expect(columns.get('depth')).toEqual({ kind: 'number', values: Float64Array.of(10, 20) });
  });

  test('a header that lacks the first name, as R writes it', async () => {
    const { ids, columns } = await readBarcodes(fileOf('cells.tsv', `label\tn\n${a}\tT\t1\n${b}\tB\t2\n`));
    expect(ids).toEqual([a, b]);
    expect([...columns.keys()]).toEqual(['label', 'n']);
  });

  test('without titles no cell is lost', async () => {
    const { ids, columns } = await readBarcodes(fileOf('cells.tsv', `${a}\tT\n${b}\tB\n${c}\tB\n`));
    expect(ids).toEqual([a, b, c]);
    expect(columns.size).toBe(0);
  });

  test.each([
    ['as R writes a vector', `"","x"\n"1","${a}"\n"2","${b}"\n`, []],
    ['as pandas writes a table', `,barcode,label\n0,${a},T\n1,${b},B\n`, ['label']],
  ])('with numbered rows %s, the column of barcodes names the cells', async (_what, text, columns) => {
    const table = await readBarcodes(fileOf('cells.csv', text));
    expect(table.ids).toEqual([a, b]);
    expect([...table.columns.keys()]).toEqual(columns);
  });

  test('numbers stay the names where no column names the cells', async () => {
    expect((await readBarcodes(fileOf('cells.csv', 'cell,label\n1,T\n2,B\n'))).ids).toEqual(['1', '2']);
  });
});

describe('a table in which Cell Ranger tells cells from background', () => {
  const columns = 'barcode,total,passed_filters,cell_id,is__cell_barcode';
  const rows = `NO_BARCODE,5,0,None,0\n${a},90,80,_cell_0,1\n${b},4,3,None,0\n${c},70,60,_cell_1,1\n`;

  test('singlecell.csv: background is left out', async () => {
    const { ids, columns: held } = await readBarcodes(fileOf('singlecell.csv', `${columns}\n${rows}`));
    expect(ids).toEqual([a, c]);
    expect(held.get('passed_filters')).toEqual({ kind: 'number', values: Float64Array.of(80, 60) });
  });

  test('two genomes: a cell of either is a cell', async () => {
    const text = `barcode,is_hg19_cell_barcode,is_mm10_cell_barcode\n${a},1,0\n${b},0,0\n${c},0,1\n`;
    expect((await readBarcodes(fileOf('singlecell.csv', text))).ids).toEqual([a, c]);
  });

  test.each([
    ['is_cell', 'True', 'False'],
    ['is_cell', 'TRUE', 'FALSE'],
    ['is_GRCh38_cell_barcode', '1', '0'],
    ['is_cell_barcode', 'yes', 'no'],
  ])('%s with %s and %s', async (flag, yes, no) => {
    const text = `barcode,${flag}\n${a},${no}\n${b},${yes}\n`;
    expect((await readBarcodes(fileOf('cells.csv', text))).ids).toEqual([b]);
  });

  test('no cell at all', async () => {
    const refusal = readBarcodes(fileOf('singlecell.csv', `${columns}\n${rows.replaceAll(',1\n', ',0\n')}`));
    await expect(refusal).rejects.toMatchObject({ code: 'reading.no-barcodes' });
  });
});

test('a fragments file in its place is told apart from a list', async () => {
  const lines = [a, b, c].map((barcode, i) => `chr1\t${100 * i}\t${100 * i + 50}\t${barcode}\t1\n`);
  for (const text of [lines.join(''), `# id=sample\n${lines.join('')}`]) {
    await expect(readBarcodes(fileOf('fragments.tsv.gz', gzipSync(text)))).rejects.toMatchObject({
      code: 'chromatin.list-is-fragments',
      message: 'fragments.tsv.gz holds fragments, not a list of cells.',
    });
  }
});
