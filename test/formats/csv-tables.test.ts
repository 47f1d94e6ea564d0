import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnTexts } from '#core/data/column';
import { openCsv } from '#formats/csv/open-csv';
import { inspectStudy } from '#formats/inspect/inspect-study';
import { writeCsv, writeCsvGz } from '#formats/labels-csv/write-csv';
import { readStudy } from '#formats/read-study';
import { countMatrix, denseOf } from '#test/support/arbitrary-matrix';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

test('genes across and cells down, labels between name and numbers become a column of the cells', async () => {
  const path = fileOf('a.csv', 'cell,cell_type,GAPDH,ACTB,CD3E\nc1,T cell,1,0,2\nc2,,0,0,0.5\n');
  const study = await readStudy({ path, repairs: [] });
  expect(study.features.ids).toEqual(['GAPDH', 'ACTB', 'CD3E']);
  expect(denseOf(study.matrix)).toEqual([
    [1, 0, 2],
    [0, 0, 0.5],
  ]);
  expect(columnTexts(study.cells.columns.get('cell_type')!)).toEqual(['T cell', null]);
  expect(study.species).toBe('human');
});

test('genes down are told by their names; columns of text belong to the genes then', async () => {
  const path = fileOf(
    'b.tsv',
    'gene_id\tsymbol\tcell_1\tcell_2\nENSMUSG00000051951\tXkr4\t1\t0\nENSMUSG00000025902\tSox17\t0\t3\n',
  );
  const study = await readStudy({ path, repairs: [] });
  expect(study.cells.ids).toEqual(['cell_1', 'cell_2']);
  expect(study.features.ids).toEqual(['ENSMUSG00000051951', 'ENSMUSG00000025902']);
  expect(study.features.names).toEqual(['Xkr4', 'Sox17']);
  expect(denseOf(study.matrix)).toEqual([
    [1, 0],
    [0, 3],
  ]);
  const mapped = await readStudy({ path, repairs: [{ kind: 'map-ensembl-to-symbols' }] });
  expect([mapped.features.ids, mapped.features.idType, mapped.species]).toEqual([['Xkr4', 'Sox17'], 'symbol', 'mouse']);
});

test('names that say nothing leave a doubt, which the repair transpose decides', async () => {
  const path = fileOf('c.csv', 'x,alpha,beta\nuno,1,2\ndue,3,4\ntre,5,6\n');
  const found = (await inspectStudy({ path, repairs: [] })).findings.find(({ code }) => code === 'names.orientation')!;
  expect(found.repair).toEqual({ kind: 'transpose' });
  const study = await readStudy({ path, repairs: [found.repair!] });
  expect(study.cells.ids).toEqual(['alpha', 'beta']);
  expect(denseOf(study.matrix)).toEqual([
    [1, 3, 5],
    [2, 4, 6],
  ]);
});

test.each([
  ['a byte-order mark and Windows line ends', '\ufeffcell,GAPDH,ACTB\r\nc1,1,2\r\nc2,3,4\r\n'],
  ['no line break at the end', 'cell,GAPDH,ACTB\nc1,1,2\nc2,3,4'],
  ['a header without the corner, as R writes it', 'GAPDH ACTB\nc1 1 2\nc2 3 4\n'],
  ['quoted names', '"cell","GAPDH","ACTB"\n"c1",1,2\n"c2","3",4\n'],
  ['semicolons', 'cell;GAPDH;ACTB\nc1;1;2\nc2;3;4\n'],
  ['comments and empty lines', '# made by hand\n\ncell,GAPDH,ACTB\nc1,1,2\n\nc2,3,4\n\n'],
])('%s make no difference', async (_what, text) => {
  const study = await readStudy({ path: fileOf('d.txt', text), repairs: [] });
  expect([study.cells.ids, study.features.ids]).toEqual([
    ['c1', 'c2'],
    ['GAPDH', 'ACTB'],
  ]);
  expect(denseOf(study.matrix)).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test('names with the separator, quotes and a leading blank survive writing and reading', async () => {
  const path = join(newFolder(), 'e.csv');
  const names = ['T cell, "naive"', ' blank', 'plain', 'semi;colon'];
  await writeCsv(
    path,
    ['cell', 'GAPDH', 'ACTB'],
    names.map((name, i) => [name, i + 1, 0]),
  );
  const study = await readStudy({ path, repairs: [] });
  expect(study.cells.ids).toEqual(names);
});

test('every matrix that is written as CSV reads back the same, in both orientations, gzip or not', async () => {
  await fc.assert(
    fc.asyncProperty(countMatrix, fc.boolean(), fc.boolean(), async (counts, turned, gzip) => {
      const path = join(newFolder(), gzip ? 'm.csv.gz' : 'm.csv');
      const rows = denseOf(counts);
      const cells = rows.map((_, i) => `cell_${i}`);
      const genes = Array.from({ length: counts.columns }, (_, i) => `ENSG${String(i).padStart(11, '0')}`);
      const lines = turned
        ? genes.map((gene, j) => [gene, ...rows.map((row) => row[j]! / 8)])
        : cells.map((cell, i) => [cell, ...rows[i]!.map((value) => value / 8)]);
      await (gzip ? writeCsvGz : writeCsv)(path, ['', ...(turned ? cells : genes)], lines);

      const file = await openCsv(path);
      const [slot] = file.slots;
      expect((await file.readCells(slot!)).ids).toEqual(cells);
      expect((await file.readFeatures(slot!)).ids).toEqual(genes);
      const eighths = counts.values.map((value) => value / 8); // exact in float32 and in decimal
      expect(await file.readRows(slot!, 0, slot!.cells)).toEqual({ ...counts, values: eighths });
    }),
    { seed: 7, numRuns: 60 },
  );
});

test('a look at a large table stops early and extrapolates its size', async () => {
  const genes = Array.from({ length: 400 }, (_, i) => `ENSG${String(i).padStart(11, '0')}`);
  let text = `cell,${genes.join(',')}\n`;
  for (let i = 0; i < 3000; i++) text += `cell_${i},${genes.map((_, j) => (i * 31 + j * 17) % 7).join(',')}\n`;
  const file = await openCsv(fileOf('large.csv.gz', gzipSync(text)), { budgetMs: 1 });
  expect(file.extent.complete).toBe(false);
  expect(file.extent.read).toBeLessThan(3000);
  expect(file.extent.estimated).toBeGreaterThan(file.extent.read - 1);
  expect(file.extent.estimated).toBeLessThan(3001);
});
