import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cancelled } from '#core/base/cancel';
import { type CsrMatrix, storedValues } from '#core/data/csr-matrix';
import { openMtx } from '#formats/mtx/open-mtx';
import { readStudy } from '#formats/read-study';
import { countMatrix, denseOf } from '#test/support/arbitrary-matrix';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

function write(files: Record<string, string | Uint8Array>): string {
  const folder = newFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const matrix =
  '%%MatrixMarket matrix coordinate integer general\n%made by hand\n4 3 5\n1 1 5\n3 1 2\n4 2 1\n2 3 7\n4 3 9\n';
const features =
  'ENSG1\tA\tGene Expression\nENSG2\tB\tGene Expression\nprot1\tCD3\tAntibody Capture\nchr1:10-20\tchr1:10-20\tPeaks\n';
const cells = 'c1\nc2\nc3\n';
const dense = [
  [5, 0, 2, 0],
  [0, 0, 0, 1],
  [0, 7, 0, 9],
];

test('feature types become slots, genes first, then peaks, and each reads its own columns', async () => {
  const file = await openMtx(write({ 'matrix.mtx': matrix, 'features.tsv': features, 'barcodes.tsv': cells }));
  expect(file.slots.map(({ id, modality, features: n }) => [id, modality, n])).toEqual([
    ['matrix (Gene Expression)', 'rna', 2],
    ['matrix (Peaks)', 'peaks', 1],
    ['matrix (Antibody Capture)', 'protein', 1],
  ]);
  const read = async (i: number) => denseOf(await file.readRows(file.slots[i]!, 0, 3));
  expect(await read(0)).toEqual(dense.map(([a, b]) => [a, b]));
  expect(await read(1)).toEqual(dense.map(([, , , peak]) => [peak]));
  expect(await read(2)).toEqual(dense.map(([, , protein]) => [protein]));
  expect((await file.readFeatures(file.slots[1]!)).idType).toBe('coordinates');
  file.close();
});

test('parts are found by the sample prefix, gzip or not, Windows line ends or not', async () => {
  const folder = write({
    'GSM1_s1_matrix.mtx.gz': gzipSync(matrix.replaceAll('\n', '\r\n')),
    'GSM1_s1_barcodes.tsv.gz': gzipSync(cells.replaceAll('\n', '\r\n')),
    'GSM1_s1_genes.tsv': 'g1\tA\ng2\tB\ng3\tC\ng4\tD\n',
    'GSM2_s2_matrix.mtx.gz': gzipSync(matrix),
    'GSM2_s2_barcodes.tsv.gz': gzipSync('x1\nx2\nx3\n'),
    'GSM2_s2_genes.tsv': 'g1\tA\ng2\tB\ng3\tC\ng4\tD\n',
  });
  const study = await readStudy({ path: join(folder, 'GSM1_s1_matrix.mtx.gz'), repairs: [] });
  expect(study.cells.ids).toEqual(['c1', 'c2', 'c3']);
  expect(denseOf(study.matrix)).toEqual(dense);
  await expect(readStudy({ path: folder, repairs: [] })).rejects.toMatchObject({ code: 'reading.mtx-several' });
});

test('cells in the rows of the file are told by the sizes', async () => {
  const turned = '%%MatrixMarket matrix coordinate real general\n3 4 5\n1 1 5\n1 3 2\n2 4 1e0\n3 2 7.0\n3 4 9\n';
  const study = await readStudy({
    path: write({ 'matrix.mtx': turned, 'genes.tsv': 'A\nB\nC\nD\n', 'barcodes.tsv': cells }),
    repairs: [],
  });
  expect(denseOf(study.matrix)).toEqual(dense);
});

test('a square matrix has features in its rows, until the repair turns it over', async () => {
  const square = '%%MatrixMarket matrix coordinate integer general\n2 2 2\n1 2 5\n2 2 3\n';
  const path = write({ 'matrix.mtx': square, 'genes.tsv': 'A\nB\n', 'barcodes.tsv': 'c1\nc2\n' });
  const read = async (repairs: { kind: 'transpose' }[]) => denseOf((await readStudy({ path, repairs })).matrix);
  expect(await read([])).toEqual([
    [0, 0],
    [5, 3],
  ]);
  expect(await read([{ kind: 'transpose' }])).toEqual([
    [0, 5],
    [0, 3],
  ]);
});

test('pattern entries count as 1, peaks.bed gives coordinates, comments and a header line are passed over', async () => {
  const pattern = '%%MatrixMarket matrix coordinate pattern general\n2 2 2\n\n1 1\n%between\n2 2\n';
  const path = write({
    'matrix.mtx': pattern,
    'peaks.bed': '# peaks\nchr1\t10\t20\n1\t30\t40\n',
    'barcodes.tsv': 'barcode\tsample\nc1\tx\nc2\ty\n',
  });
  const study = await readStudy({ path, repairs: [{ kind: 'add-chr' }] });
  expect(study.features.ids).toEqual(['chr1:10-20', 'chr1:30-40']);
  expect([study.modality, study.valueKind]).toEqual(['peaks', 'binary']);
  expect(study.cells.ids).toEqual(['c1', 'c2']);
  expect(study.cells.columns.get('sample')).toMatchObject({ kind: 'categories', categories: ['x', 'y'] });
  expect(denseOf(study.matrix)).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

test('a file sorted by feature is not taken for one sorted by cell whose cells are all but empty', async () => {
  const [cellCount, featureCount] = [1500, 400];
  let text = `%%MatrixMarket matrix coordinate integer general\n${featureCount} ${cellCount} ${featureCount * cellCount}\n`;
  for (let feature = 1; feature <= featureCount; feature++) {
    for (let cell = 1; cell <= cellCount; cell++) text += `${feature} ${cell} ${1 + ((feature * cell) % 9)}\n`;
  }
  const list = (stem: string, count: number) => Array.from({ length: count }, (_, i) => `${stem}${i}\n`).join('');
  const files = { 'matrix.mtx': text, 'genes.tsv': list('g', featureCount), 'barcodes.tsv': list('c', cellCount) };
  const file = await openMtx(write(files));
  const { matrix, wholeRows } = await file.sampleRows(file.slots[0]!, 1000);
  expect(matrix.rows).toBe(1000);
  // How far the reading came depends on the time; whole rows must be whole.
  if (wholeRows) expect(matrix.values).toHaveLength(1000 * featureCount);
  else expect(matrix.values.length).toBeGreaterThan(1000);
  file.close();
});

test('a signal that is aborted stops the reading', async () => {
  const path = write({ 'matrix.mtx': matrix, 'genes.tsv': 'A\nB\nC\nD\n', 'barcodes.tsv': cells });
  await expect(readStudy({ path, repairs: [] }, { signal: { aborted: true } })).rejects.toThrow(Cancelled);
});

test('every matrix that is written as a folder reads back the same, sorted by cell or by feature', async () => {
  await fc.assert(
    fc.asyncProperty(countMatrix, fc.boolean(), fc.boolean(), async (counts, byFeature, gzip) => {
      const text = matrixMarket(counts, byFeature);
      const folder = write({
        ...(gzip ? { 'matrix.mtx.gz': gzipSync(text) } : { 'matrix.mtx': text }),
        'genes.tsv': Array.from({ length: counts.columns }, (_, i) => `id${i}\tG${i}\n`).join(''),
        'barcodes.tsv': Array.from({ length: counts.rows }, (_, i) => `c${i}\n`).join(''),
      });
      const file = await openMtx(folder);
      const sample = await file.sampleRows(file.slots[0]!, 1000);
      if (sample.wholeRows) expect(denseOf(sample.matrix)).toEqual(denseOf(counts));
      expect(await file.readRows(file.slots[0]!, 0, counts.rows)).toEqual(counts);
      file.close();
    }),
    { seed: 11, numRuns: 60 },
  );
});

function matrixMarket(counts: CsrMatrix, byFeature: boolean): string {
  const entries: [number, number, number][] = [];
  for (let cell = 0; cell < counts.rows; cell++) {
    for (let p = counts.indptr[cell]!; p < counts.indptr[cell + 1]!; p++) {
      entries.push([counts.indices[p]! + 1, cell + 1, counts.values[p]!]);
    }
  }
  if (byFeature) entries.sort((a, b) => a[0] - b[0]);
  const head = `%%MatrixMarket matrix coordinate integer general\n${counts.columns} ${counts.rows} ${storedValues(counts)}\n`;
  return head + entries.map((entry) => `${entry.join(' ')}\n`).join('');
}
