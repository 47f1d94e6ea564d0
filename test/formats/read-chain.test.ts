import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ChainMap, liftPeaks } from '#core/chromatin/chain-map';
import { readChain } from '#formats/intervals/read-chain';
import { temporaryFolders } from '#test/support/temporary-folder';

const folder = temporaryFolders();
function file(text: string): string {
  const path = join(folder(), 'aToB.over.chain.gz');
  writeFileSync(path, gzipSync(text));
  return path;
}

const good = `# made by hand
chain 4900 chr1 1000 + 100 400 chr2 2000 - 50 345 7
100 20 0
50\t0\t15
130

chain 10 chr3 500 + 0 10 chr3 500 + 5 15 8
10
`;

test('a chain is read with its blocks, and leads to the other strand', async () => {
  const chains = await readChain(file(good));
  expect(chains).toEqual([
    {
      ...{ contig: 'chr1', size: 1000, toContig: 'chr2', toSize: 2000, reverse: true },
      from: Int32Array.of(100, 220, 270),
      to: Int32Array.of(50, 150, 215),
      length: Int32Array.of(100, 50, 130),
    },
    {
      ...{ contig: 'chr3', size: 500, toContig: 'chr3', toSize: 500, reverse: false },
      from: Int32Array.of(0),
      to: Int32Array.of(5),
      length: Int32Array.of(10),
    },
  ]);
  const { peaks } = liftPeaks(
    [
      { contig: '1', start: 100, end: 110 }, // 50 … 59 of the reverse strand
      { contig: 'chr3', start: 2, end: 4 },
    ],
    new ChainMap('aToB', chains),
  );
  expect(peaks).toEqual([
    { contig: 'chr2', start: 1940, end: 1950 },
    { contig: 'chr3', start: 7, end: 9 },
  ]);
});

test('lines may end in CRLF, and the last one in nothing', async () => {
  const chains = await readChain(file(good.replaceAll('\n', '\r\n').trimEnd()));
  expect(chains.length).toBe(2);
});

test.each([
  ['a block before any chain', '10 2 3\n', 1, 'belongs to no chain'],
  ['a chain within a chain', good.replace('130\n', ''), 6, 'not finished'],
  ['blocks that stop before the end', good.replace('130\n', '129\n'), 5, 'do not reach its end'],
  ['blocks beyond the end', good.replace('130\n', '131\n'), 5, 'beyond its end'],
  ['a block without a base', good.replace('100 20 0', '0 20 0'), 3, 'without a base'],
  ['a block of two fields', good.replace('100 20 0', '100 20'), 3, '2 fields'],
  ['a word for a number', good.replace('100 20 0', '100 2x 0'), 3, '"2x" is no position'],
  ['a negative number', good.replace('100 20 0', '100 -20 0'), 3, '"-20" is no position'],
  ['a head that is cut', 'chain 1 chr1 1000 +\n', 1, '5 fields'],
  ['an end beyond the contig', good.replace('chr1 1000', 'chr1 300'), 2, 'do not fit its sizes'],
  ['no strand', good.replace('2000 -', '2000 .'), 2, '"." is no strand'],
  ['a file that ends within a chain', good.replace('130\n', '').split('chain 10')[0]!, 4, 'ends within a chain'],
  ['another file', '<html>\n', 1, 'belongs to no chain'],
])('%s is refused with its line', async (_what, text, line, problem) => {
  await expect(readChain(file(text))).rejects.toThrow(
    expect.objectContaining({
      code: 'reading.malformed-chain',
      details: expect.objectContaining({ line, problem: expect.stringContaining(problem) as string }) as object,
    }),
  );
});

test('an empty file is named, and reading stops when it is cancelled', async () => {
  await expect(readChain(file(''))).rejects.toThrow(expect.objectContaining({ code: 'reading.empty-file' }));
  await expect(readChain(file(good), { signal: { aborted: true } })).rejects.toThrow('Cancelled');
});

test('progress rises to 1', async () => {
  const told: number[] = [];
  await readChain(file(good), { progress: (fraction) => told.push(fraction) });
  expect(told.at(-1)).toBe(1);
});
