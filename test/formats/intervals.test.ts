import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readIntervals } from '#formats/intervals/read-intervals';
import { bgzip } from '#test/support/bgzip';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

const narrowPeak = [
  'track type=narrowPeak name="x"',
  'chr1\t100\t400\tpeak1\t120\t.\t5.1\t12.2\t9.9\t150',
  '1\t900\t1200\t.\t80\t.\t4.0\t8.1\t6.6\t10',
  'NC_000002.12\t5\t9\tpeak3\t80\t.\t4.0\t8.1\t6.6\t2',
].join('\n');
const intervals = [
  { contig: 'chr1', start: 100, end: 400 },
  { contig: '1', start: 900, end: 1200 },
  { contig: 'chr2', start: 5, end: 9 },
];

describe('lists of intervals', () => {
  test.each([
    ['narrowPeak', narrowPeak],
    ['narrowPeak, gzip', gzipSync(narrowPeak)],
    ['narrowPeak, bgzip', bgzip(narrowPeak, 50).bytes],
    ['CRLF and a line break at the end', `${narrowPeak.replaceAll('\n', '\r\n')}\r\n`],
    ['comments and empty lines', `# made by hand\nbrowser position chr1\n\n${narrowPeak}`],
    ['column titles', `chrom\tchromStart\tchromEnd\tname\n${narrowPeak}`],
  ])('%s', async (_what, content) => {
    const found = await readIntervals(fileOf('peaks.narrowPeak', content));
    expect(found.intervals).toEqual(intervals);
    expect(found.names).toEqual(['peak1', null, 'peak3']);
    expect(found.report).toMatchObject({ file: 'peaks.narrowPeak', read: 3, malformed: 0 });
  });

  test('three columns are enough, blanks may separate them', async () => {
    const found = await readIntervals(fileOf('three.bed', 'chr1\t1\t5\nchr2 7  9\n'));
    expect(found.intervals.map(({ contig, start, end }) => `${contig}:${start}-${end}`)).toEqual([
      'chr1:1-5',
      'chr2:7-9',
    ]);
    expect(found.names).toEqual([null, null]);
  });

  test('lines that are no interval are counted and shown', async () => {
    const good = 'chr1\t1\t5\n'.repeat(60);
    const found = await readIntervals(fileOf('some.bed', `${good}chr1\t5\t1\nchr1\t-1\t5\nchr1\t1\n`));
    expect(found.intervals.length).toBe(60);
    expect(found.report.malformedLines).toEqual([
      { line: 61, text: 'chr1\t5\t1', reason: 'the end is not behind the start' },
      { line: 62, text: 'chr1\t-1\t5', reason: 'a position is negative' },
      { line: 63, text: 'chr1\t1', reason: '2 columns where three or more belong' },
    ]);
  });

  test.each([
    ['reading.empty-file', ''],
    ['reading.no-intervals', '# nothing\n'],
    ['reading.malformed-intervals', 'chr1\t1\t5\nchr1\t5000000000\t5000000009\n'],
    ['reading.malformed-intervals', 'TP53\nACTB\n'],
    ['reading.gzip-truncated', gzipSync(narrowPeak.repeat(50)).subarray(0, 60)],
  ])('%s', async (code, content) => {
    await expect(readIntervals(fileOf('bad.bed', content))).rejects.toThrow(expect.objectContaining({ code }));
  });

  test('progress ends at 1 and an aborted signal stops', async () => {
    const told: number[] = [];
    const path = fileOf('long.bed.gz', gzipSync('chr1\t1\t5\n'.repeat(200_000)));
    await readIntervals(path, { progress: (fraction) => told.push(fraction) });
    expect(told.at(-1)).toBe(1);
    await expect(readIntervals(path, { signal: { aborted: true } })).rejects.toThrow(
      expect.objectContaining({ name: 'Cancelled' }),
    );
  });
});
