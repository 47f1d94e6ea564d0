import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import { type FragmentOptions, FragmentReading } from '#formats/fragments/fragment-reading';
import { type Fragment, readFragments } from '#formats/fragments/read-fragments';
import { bgzip } from '#test/support/bgzip';
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

const all = async (path: string): Promise<Fragment[]> => Array.fromAsync(readFragments(path));

/** Reads to the end; gives back the fragments as text and the report. */
async function read(path: string, options?: FragmentOptions) {
  const reading = new FragmentReading(path, options);
  const lines: string[] = [];
  const sizes: number[] = [];
  for await (const block of reading) {
    sizes.push(block.length);
    for (let i = 0; i < block.length; i++) {
      const place = `${block.contigs[block.contig[i]!]}:${block.start[i]}-${block.end[i]}`;
      lines.push(`${place} ${block.barcodes[block.barcode[i]!]} ${block.count === null ? '' : block.count[i]}`);
    }
  }
  return { lines, sizes, report: reading.report, barcodes: reading.barcodes };
}

async function refusal(path: string): Promise<AppError> {
  const error = await all(path).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

/** Lines enough that one bad one is below the share that is passed over. */
const good = Array.from({ length: 40 }, (_, i) => `chr1\t${10 * i}\t${10 * i + 5}\tAAA-${i % 3}\t1\n`).join('');

describe('what is read', () => {
  test('comment lines are skipped, a fifth column may be absent, several gzip members are one file', async () => {
    const members = [gzipSync('# made by hand\nchr1\t0\t10\tAAA-1\t2\n'), gzipSync('chr2\t5\t6\tBBB-1\n')];
    const { lines, report } = await read(file('two.tsv.gz', Buffer.concat(members)));
    expect(lines).toEqual(['chr1:0-10 AAA-1 2', 'chr2:5-6 BBB-1 1']);
    expect(report).toMatchObject({ packing: 'gzip', lines: 3, read: 2, headers: ['# made by hand'], malformed: 0 });
  });

  test('four columns give no counts, six end with a strand', async () => {
    expect((await read(file('four.tsv', 'chr1\t0\t10\tA\nchr1\t1\t10\tB\n'))).lines).toEqual([
      'chr1:0-10 A ',
      'chr1:1-10 B ',
    ]);
    expect((await read(file('six.tsv', 'chr1\t0\t10\tA\t3\t+\nchr1\t1\t10\tB\t1\t.\n'))).lines).toEqual([
      'chr1:0-10 A 3',
      'chr1:1-10 B 1',
    ]);
  });

  test.each([
    ['CRLF', good.replaceAll('\n', '\r\n')],
    ['no line break at the end', good.trimEnd()],
    ['CRLF and none at the end', good.replaceAll('\n', '\r\n').trimEnd()],
    ['empty lines between', good.replaceAll('\n', '\n\n')],
    ['a byte-order mark', `\uFEFF${good}`],
    ['a line of titles', `chrom\tstart\tend\tbarcode\tcount\n${good}`],
    ['comments between', good.replace('chr1\t200', '# half\nchr1\t200')],
  ])('%s changes nothing', async (_what, text) => {
    const expected = await read(file('plain.tsv', good));
    expect(expected.lines.length).toBe(40);
    for (const [name, bytes] of [
      ['same.tsv', text],
      ['same.tsv.gz', gzipSync(text)],
      ['same.tsv.bgz', bgzip(text, 100).bytes],
    ] as const) {
      const { lines, report } = await read(file(name, bytes));
      expect(lines).toEqual(expected.lines);
      expect(report).toMatchObject({ malformed: 0, endMissing: false });
    }
  });

  test('blocks have the size that is asked for, and keep what they hold when the next one comes', async () => {
    const blocks = await Array.fromAsync(new FragmentReading(file('blocks.tsv', good), { blockSize: 16 }));
    expect(blocks.map((block) => block.length)).toEqual([16, 16, 8]);
    expect(blocks.flatMap((block) => [...block.start])).toEqual(Array.from({ length: 40 }, (_, i) => 10 * i));
    expect(blocks[0]!.barcodes).toEqual(['AAA-0', 'AAA-1', 'AAA-2']);
  });

  test('barcodes get the prefix of their sample', async () => {
    expect((await read(file('prefix.tsv', good), { barcodePrefix: 'day2_' })).barcodes).toEqual([
      'day2_AAA-0',
      'day2_AAA-1',
      'day2_AAA-2',
    ]);
  });

  test('accessions become the names of their chromosomes, other names stay as they are written', async () => {
    const names = ['NC_000001.11', 'CM000664.2', 'chr1_gl000192_random', 'GL000192.1', '1', 'scaffold_7'];
    const text = names.map((name) => `${name}\t1\t2\tA\n`).join('');
    const [block] = await Array.fromAsync(new FragmentReading(file('accessions.tsv', text)));
    expect(block!.contigs).toEqual(['chr1', 'chr2', 'GL000192.1', 'GL000192.1', '1', 'scaffold_7']);
  });

  test('progress rises to 1; an aborted signal stops between blocks; a reading is for one pass', async () => {
    const told: number[] = [];
    const path = file('progress.tsv.gz', gzipSync(good.repeat(2000)));
    await read(path, { progress: (fraction) => told.push(fraction) });
    expect(told.at(-1)).toBe(1);
    expect(told.toSorted((a, b) => a - b)).toEqual(told);

    const stop = new AbortController();
    const reading = new FragmentReading(path, { signal: stop.signal, blockSize: 100 });
    let blocks = 0;
    const stopped = (async () => {
      for await (const block of reading) {
        expect(block.length).toBe(100);
        if (++blocks === 3) stop.abort();
      }
    })();
    await expect(stopped).rejects.toThrow(expect.objectContaining({ name: 'Cancelled' }));
    expect(blocks).toBe(3);
    await expect(Array.fromAsync(reading)).rejects.toThrow('one pass');
  });
});

describe('lines that are no fragment', () => {
  test.each([
    ['chr1\tten\t20\tAAA', '"ten" where a position belongs'],
    ['chr1\t20\t10\tAAA', 'the end is not behind the start'],
    ['chr1\t20\t20\tAAA', 'the end is not behind the start'],
    ['chr1\t10\t20', '3 columns where four or five belong'],
    ['chr1\t-1\t20\tAAA', 'a position is negative'],
    ['chr1\t10\t2147483648\tAAA', 'a position is larger than 2147483647'],
    ['chr1\t10\t99999999999999999999\tAAA', 'a position is larger than 2147483647'],
    ['chr1\t1.5\t20\tAAA', '"1.5" where a position belongs'],
    ['chr1\t\t20\tAAA', '"" where a position belongs'],
    ['chr1\t10\t20\t\t1', 'the barcode is empty'],
    ['\t10\t20\tAAA\t1', 'the contig is empty'],
    ['chr1\t10\t20\tAAA\tmany', '"many" where the number of reads belongs'],
    ['chr1\t10\t20\tAAA\t1\t+\tmore', '7 columns where four or five belong'],
    ['chr1\t10\t20\tAAA\t1\tmore', '"more" in a sixth column'],
    ['chr1 10 20 AAA', 'the columns are not separated by tabs'],
    ['AAA-1\tchr1\t10\t20\t1', 'the positions stand in columns 3 and 4, not 2 and 3'],
  ])('%j is passed over: %s', async (line, reason) => {
    const { lines, report } = await read(file('one-bad.tsv.gz', gzipSync(`# head\n${good}${line}\n${good}`)));
    expect(lines.length).toBe(80);
    expect(report).toMatchObject({
      lines: 82,
      read: 80,
      malformed: 1,
      malformedLines: [{ line: 42, text: line, reason }],
    });
    expect(report.malformedReasons).toEqual(new Map([[reason, 1]]));
  });

  test('the highest position that 32 bits hold is one', async () => {
    expect((await read(file('high.tsv', 'chr1\t2147483646\t2147483647\tA\n'))).lines).toEqual([
      'chr1:2147483646-2147483647 A ',
    ]);
  });

  test('the first 20 are kept, long lines cut', async () => {
    const bad = `chr1\tx\t${'y'.repeat(500)}\tAAA\n`;
    const { report } = await read(file('many-bad.tsv', good.repeat(20) + bad.repeat(30)));
    expect(report.malformed).toBe(30);
    expect(report.malformedLines.length).toBe(20);
    expect(report.malformedLines[0]!.line).toBe(801);
    expect(report.malformedLines[0]!.text.length).toBeLessThan(210);
  });

  test('reasons that quote something else on every line are counted together from the hundredth on', async () => {
    const bad = Array.from({ length: 300 }, (_, i) => `chr1\tx${i}\t9\tAAA\n`).join('');
    const { report } = await read(file('reasons.tsv', good.repeat(200) + bad));
    expect(report.malformedReasons.size).toBe(101);
    expect(report.malformedReasons.get('other reasons')).toBe(200);
  });

  test('one line in twenty is passed over, more are not', async () => {
    const bad = 'chr1\t20\t10\tAAA\n';
    expect(
      (await read(file('five-percent.tsv', good.slice(0, good.indexOf('chr1\t380')) + bad + bad))).lines.length,
    ).toBe(38);
    const error = await refusal(file('more.tsv', good + bad.repeat(3)));
    expect(error).toMatchObject({ code: 'reading.malformed-fragments' });
    expect(error.message).toContain('3 of 43 lines of more.tsv (6.98 %) are no fragments; up to 5 % are passed over');
    expect(error.message).toContain('Line 41: the end is not behind the start: chr1\t20\t10\tAAA');
    expect(error.remedy).toContain('contig, start, end, barcode');
  });

  test('a file without one fragment is not read to its end', async () => {
    const error = await refusal(file('peaks.bed', 'chr1\t10\t20\n'.repeat(400_000)));
    expect(error.code).toBe('reading.malformed-fragments');
    expect((error.details as { lines: number }).lines).toBeLessThan(200_000);
  });
});

describe('files that end or break', () => {
  const packed = bgzip(good.repeat(500), 4000).bytes;

  test('a truncated file says at which line', async () => {
    const error = await refusal(file('cut.tsv.gz', packed.subarray(0, packed.length >> 1)));
    expect(error.code).toBe('reading.gzip-truncated');
    const { line } = error.details as { line: number };
    expect(line).toBeGreaterThan(5000);
    expect(line).toBeLessThan(15_000);
  });

  test('a bgzip file that ends between two members has no end', async () => {
    const { members, bytes } = bgzip(good, 200);
    const cut = bytes.subarray(0, members[3]!.at);
    const { report } = await read(file('no-end.tsv.gz', cut));
    expect(report.endMissing).toBe(true);
    expect(report.read + report.malformed).toBeLessThan(40);
  });

  test('damage says behind which line; data behind padding are not lost unseen', async () => {
    const damaged = Buffer.from(packed);
    damaged.fill(0xaa, packed.length >> 1, (packed.length >> 1) + 50);
    expect((await refusal(file('damaged.tsv.gz', damaged))).code).toBe('reading.gzip-damaged');
    const padded = Buffer.concat([gzipSync(good), Buffer.alloc(10), gzipSync(good)]);
    expect(await refusal(file('padded.tsv.gz', padded))).toMatchObject({
      code: 'reading.gzip-damaged',
      details: { line: 40, found: expect.stringContaining('cannot be unpacked') as string },
    });
    expect((await read(file('zeros.tsv.gz', Buffer.concat([gzipSync(good), Buffer.alloc(512)])))).lines.length).toBe(
      40,
    );
  });

  test.each([
    ['reading.empty-file', ''],
    ['reading.no-fragments', gzipSync('')],
    ['reading.no-fragments', '# only a header\n\n'],
    ['reading.no-fragments', 'chrom\tstart\tend\tbarcode\n'],
    ['reading.text-encoding', Buffer.from(`\uFEFF${good}`, 'utf16le')],
    ['reading.line-too-long', 'x'.repeat(3 << 20)],
  ])('%s', async (code, bytes) => {
    expect((await refusal(file('nothing.tsv', bytes))).code).toBe(code);
  });

  test('a file that is not there', async () => {
    expect((await refusal(join(folder, 'absent.tsv.gz'))).code).toBe('reading.no-such-file');
  });
});

describe.skipIf(!hasSharedData)('real fragment files', () => {
  const files = [
    ['readers/fragments/signac.tsv.gz', 100, 54, 'bgzip'],
    ['readers/fragments/signac_header.tsv.gz', 100, 54, 'bgzip'],
    ['readers/fragments/bpcells_4col.tsv.gz', 14_678, 2065, 'gzip'],
    ['readers/fragments/snapatac2.tsv.gz', 17_751, 17_751, 'gzip'],
    ['readers/fragments/cellxgene.tsv.bgz', 37_249, 23_292, 'bgzip'],
    ['pbmc-fragments/fragments.tsv.gz', 29_399, 150, 'bgzip'],
  ] as const;

  test.each(files)('%s has %i fragments of %i barcodes', async (path, fragments, barcodes, packing) => {
    const found = await read(sharedData(path));
    expect(found.lines.length).toBe(fragments);
    expect(found.barcodes.length).toBe(barcodes);
    expect(found.report).toMatchObject({ packing, read: fragments, malformed: 0, endMissing: false });
  });

  describe.each(files)('%s, mangled', (path, fragments) => {
    const text = (): string => gunzipSync(readFileSync(sharedData(path))).toString('utf8');
    const rows = (): string[] =>
      text()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'));
    const mangled = (bytes: string | Uint8Array): string => file(`mangled-${basename(path)}`, bytes);

    test('truncated: explained, with the line', async () => {
      const bytes = readFileSync(sharedData(path));
      const error = await refusal(mangled(bytes.subarray(0, Math.floor(bytes.length * 0.9))));
      expect(error.code).toBe('reading.gzip-truncated');
      expect(error.message).toMatch(/breaks off after line \d+/);
    });

    test.each([
      ['barcode first', (f: string[]) => [f[3], ...f.slice(0, 3)], 'columns 3 and 4'],
      ['start and end', (f: string[]) => [f[0], f[2], f[1], f[3]], 'not behind the start'],
      ['positions at the end', (f: string[]) => [f[0], f[3], f[1], f[2]], 'columns 3 and 4'],
    ])('columns swapped (%s): explained', async (_what, swap, says) => {
      const swapped = rows().map((line) => swap(line.split('\t')).join('\t'));
      const error = await refusal(mangled(gzipSync(swapped.join('\n'))));
      expect(error.code).toBe('reading.malformed-fragments');
      expect(error.message).toContain(says);
      expect(error.message).toMatch(/Line 1:/);
    });

    test.each([
      ['negative', (f: string[]) => f.with(1, `-${f[1]}`), 'negative'],
      ['huge', (f: string[]) => f.with(2, `${f[2]}00000000`), 'larger than 2147483647'],
    ])('%s coordinates: passed over where they are few, explained where they are many', async (_what, change, says) => {
      const lines = rows().map((line) => line.split('\t'));
      const few = lines.map((fields, i) => (i % 50 === 7 ? change(fields) : fields).join('\t'));
      const { report } = await read(mangled(gzipSync(few.join('\n'))));
      const bad = Math.ceil((fragments - 7) / 50);
      expect(report).toMatchObject({ read: fragments - bad, malformed: bad });
      expect(report.malformedLines[0]).toMatchObject({ line: 8, reason: expect.stringContaining(says) as string });
      const many = lines.map((fields) => change(fields).join('\t'));
      expect((await refusal(mangled(gzipSync(many.join('\n'))))).message).toContain(says);
    });

    test('unknown contigs: read, under their own names', async () => {
      const renamed = rows().map((line) => `scaffold_${line}`);
      const [block] = await Array.fromAsync(
        new FragmentReading(mangled(gzipSync(renamed.join('\n'))), { blockSize: 1e6 }),
      );
      expect(block!.length).toBe(fragments);
      expect(block!.contigs.every((name) => name.startsWith('scaffold_'))).toBe(true);
    });

    test('CRLF and no line break at the end: read', async () => {
      const { lines } = await read(mangled(gzipSync(text().trimEnd().replaceAll('\n', '\r\n'))));
      expect(lines).toEqual((await read(sharedData(path))).lines);
    });
  });
});
