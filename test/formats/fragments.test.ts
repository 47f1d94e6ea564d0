import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFragments } from '#formats/fragments/read-fragments';
import { readGeneBed } from '#formats/gene-models/read-gene-bed';
import { hasSharedData, sharedData } from '#test/support/shared-data';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cellpredx-fragments-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: string | Uint8Array): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

const all = async (path: string) => Array.fromAsync(readFragments(path));

test('comment lines are skipped, a fifth column may be absent, several gzip members are one file', async () => {
  const members = Buffer.concat([gzipSync('# made by hand\nchr1\t0\t10\tAAA-1\t2\n'), gzipSync('chr2\t5\t6\tBBB-1\n')]);
  expect(await all(file('two.tsv.gz', members))).toEqual([
    { contig: 'chr1', start: 0, end: 10, barcode: 'AAA-1' },
    { contig: 'chr2', start: 5, end: 6, barcode: 'BBB-1' },
  ]);
});

test.each([
  ['text where a position belongs', 'chr1\tten\t20\tAAA'],
  ['an end before its start', 'chr1\t20\t10\tAAA'],
  ['a missing barcode', 'chr1\t10\t20'],
  ['a negative start', 'chr1\t-1\t20\tAAA'],
])('%s is refused with its line number', async (_what, line) => {
  await expect(all(file('broken.tsv', `chr1\t1\t2\tAAA\n${line}\n`))).rejects.toThrow(
    expect.objectContaining({
      code: 'reading.malformed-fragments',
      message: expect.stringContaining('Line 2') as string,
    }),
  );
});

test('a gene list is read with five or six columns and refused with its line number', () => {
  expect(readGeneBed(file('genes.bed', 'track name=x\nchr1\t1\t9\tA\t-\nchr1\t2\t8\tB\t0\t+\n'))).toEqual([
    { contig: 'chr1', start: 1, end: 9, name: 'A', strand: '-' },
    { contig: 'chr1', start: 2, end: 8, name: 'B', strand: '+' },
  ]);
  expect(() => readGeneBed(file('bad.bed', 'chr1\t1\t9\tA\t-\nchr1\t9\t1\tB\t+\n'))).toThrow(
    expect.objectContaining({ code: 'reading.malformed-gene', message: expect.stringContaining('Line 2') as string }),
  );
});

describe.skipIf(!hasSharedData)('real fragment files', () => {
  test.each([
    ['readers/fragments/signac.tsv.gz', 100, 54],
    ['readers/fragments/signac_header.tsv.gz', 100, 54],
    ['readers/fragments/bpcells_4col.tsv.gz', 14_678, 2065],
    ['readers/fragments/snapatac2.tsv.gz', 17_751, 17_751],
    ['readers/fragments/cellxgene.tsv.bgz', 37_249, 23_292],
  ])('%s has %i fragments of %i barcodes', async (path, fragments, barcodes) => {
    const read = await all(sharedData(path));
    expect(read.length).toBe(fragments);
    expect(new Set(read.map((fragment) => fragment.barcode)).size).toBe(barcodes);
  });
});
