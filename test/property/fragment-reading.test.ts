import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FragmentParser } from '#formats/fragments/fragment-parser';
import { FragmentReading } from '#formats/fragments/fragment-reading';
import { hashOf, NameTable } from '#formats/fragments/name-table';
import { readRegion } from '#formats/fragments/read-region';
import { bgzip, tabixIndex } from '#test/support/bgzip';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cellpredx-fragments-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const often = (arbitrary: fc.Arbitrary<string>, rare: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary, weight: 30 }, { arbitrary: rare, weight: 1 });
const position = often(
  fc.nat(1000).map(String),
  fc.constantFrom('-1', '2147483647', '2147483648', '99999999999999999999', '007', '1e5', 'x', '', '1.0', ' 5', '+5'),
);
const fields = fc
  .tuple(
    often(fc.constantFrom('chr1', 'chr2', 'chr11', '1', 'GL000192.1', 'é'), fc.constantFrom('', '#x', 'a b', '\r')),
    position,
    position.map((text) => (/^\d{1,4}$/.test(text) ? String(Number(text) + 900) : text)),
    often(fc.constantFrom('AAAC-1', 'AAAC-2', 'B', 'sample#AA_1', 'ü'), fc.constantFrom('', 'a b', 'a\rb', '\x01')),
    fc.option(often(fc.nat(20).map(String), fc.constantFrom('', 'x', '2.5', '1e3', '-1', '1 ', '1\r')), {
      nil: undefined,
    }),
    fc.option(often(fc.constantFrom('+', '-', '.'), fc.constantFrom('', 'q', '+\t')), { nil: undefined, freq: 1 }),
  )
  .map(([contig, start, end, barcode, reads, strand]) =>
    [
      contig,
      start,
      end,
      barcode,
      ...(reads === undefined ? [] : strand === undefined ? [reads] : [reads, strand]),
    ].join('\t'),
  );
const line = fc.oneof(
  { arbitrary: fields, weight: 20 },
  {
    arbitrary: fc.constantFrom('', '# comment', ' ', 'chr1', 'chr1\t1', 'chr1 1 2 A', '\t\t\t', 'chr1\t1\t2'),
    weight: 1,
  },
);
const text = fc
  .tuple(fc.array(line, { maxLength: 60 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, ending, ended]) => lines.join(ending) + (ended ? ending : ''));

/** What a fragments file says, by splitting its lines: the slow and plain way. */
function plainly(whole: string): { fragments: string[]; malformed: number[]; lines: number } {
  const fragments: string[] = [];
  const malformed: number[] = [];
  let titled = false;
  const lines = whole.split('\n');
  if (lines.at(-1) === '') lines.pop();
  lines.forEach((raw, i) => {
    const text = raw.replace(/\r$/, '');
    if (text.trim() === '' || text.startsWith('#')) return;
    const [contig = '', start = '', end = '', barcode = '', reads, strand, ...more] = text.split('\t');
    const name = (field: string): boolean => field !== '' && [...field].every((sign) => sign > '\r');
    const valid =
      name(contig) &&
      /^\d+$/.test(start) &&
      /^\d+$/.test(end) &&
      Number(start) < Number(end) &&
      Number(end) < 2 ** 31 &&
      name(barcode) &&
      (reads === undefined || /^\d+(\.\d*)?(e\+?\d+)?$/.test(reads)) &&
      (strand === undefined || /^[+.-]$/.test(strand)) &&
      more.length === 0;
    if (valid) fragments.push([contig, Number(start), Number(end), barcode, Number(reads ?? 1)].join(' '));
    else {
      const words = /^[A-Za-z][A-Za-z_ .]*$/;
      const titles = fragments.length + malformed.length === 0 && !titled && words.test(start) && words.test(end);
      if (titles) titled = true;
      else malformed.push(i + 1);
    }
  });
  return { fragments, malformed, lines: lines.length };
}

test('the parser finds what splitting every line finds, whatever the pieces and the blocks', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 9 }), fc.array(fc.nat(60), { maxLength: 5 }), (whole, size, cuts) => {
      const parser = new FragmentParser(size, new NameTable(), new NameTable());
      const found: string[] = [];
      const take = (atEnd: boolean): void => {
        const block = parser.take(atEnd);
        for (let i = 0; i < (block?.length ?? 0); i++) {
          const { contig, contigs, start, end, barcode, barcodes, count } = block!;
          found.push([contigs[contig[i]!], start[i], end[i], barcodes[barcode[i]!], count?.[i] ?? 1].join(' '));
        }
      };
      // Pieces end where a line does.
      const lines = whole.split(/(?<=\n)/);
      if (whole !== '' && !whole.endsWith('\n')) lines.push(`${lines.pop()!}\n`);
      const ends = new Set([...cuts, lines.length]);
      let piece = '';
      lines.forEach((one, i) => {
        piece += one;
        if (!ends.has(i + 1)) return;
        const bytes = Buffer.from(piece);
        piece = '';
        for (let at = 0; at < bytes.length; take(false)) at = parser.parse(bytes, at, bytes.length);
      });
      take(true);
      const expected = plainly(whole);
      expect(found).toEqual(expected.fragments);
      expect(parser.fragments).toBe(expected.fragments.length);
      expect(parser.malformed.count).toBe(expected.malformed.length);
      expect(parser.malformed.examples.map((one) => one.line)).toEqual(expected.malformed.slice(0, 20));
    }),
    { numRuns: 2000 },
  );
});

test('a file gives the same fragments however it is packed', async () => {
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.constantFrom('plain', 'gzip', 'bgzip', 'members'),
      fc.integer({ min: 1, max: 50 }),
      async (whole, packing, most) => {
        const expected = plainly(whole);
        const { fragments, malformed } = expected;
        fc.pre(fragments.length > 0 && malformed.length <= 0.05 * (malformed.length + fragments.length));
        const half = whole.length >> 1;
        const bytes = {
          plain: () => Buffer.from(whole),
          gzip: () => gzipSync(whole),
          bgzip: () => bgzip(whole, most).bytes,
          members: () => Buffer.concat([gzipSync(whole.slice(0, half)), gzipSync(whole.slice(half))]),
        }[packing]();
        const path = join(folder, 'packed.tsv');
        writeFileSync(path, bytes);
        const reading = new FragmentReading(path, { blockSize: most });
        const found: string[] = [];
        for await (const { length, contig, contigs, start, end, barcode, barcodes, count } of reading) {
          for (let i = 0; i < length; i++) {
            found.push([contigs[contig[i]!], start[i], end[i], barcodes[barcode[i]!], count?.[i] ?? 1].join(' '));
          }
        }
        expect(found).toEqual(fragments);
        expect(reading.report).toMatchObject({ read: fragments.length, malformed: malformed.length });
      },
    ),
    { numRuns: 150 },
  );
});

test('equal names have one number, in the order in which they came', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 4, unit: 'binary' }), { maxLength: 3000 }), (names) => {
      const table = new NameTable();
      // All hashes are 0 or 1 in the second table: what it gives must not depend on them.
      const crowded = new NameTable();
      const order: string[] = [];
      for (const name of names) {
        const text = Buffer.from(name).toString('utf8');
        if (!order.includes(text)) order.push(text);
        const bytes = Buffer.from(`x${text}y`);
        const end = bytes.length - 1;
        expect(table.numberOf(bytes, 1, end, hashOf(bytes, 1, end))).toBe(order.indexOf(text));
        expect(crowded.numberOf(bytes, 1, end, text.length & 1)).toBe(order.indexOf(text));
      }
      expect(table.names).toEqual(order);
      expect(crowded.names).toEqual(order);
    }),
    { numRuns: 50 },
  );
});

test('a region by the index holds the same fragments as by reading the whole file', async () => {
  const sorted = fc
    .array(fc.tuple(fc.constantFrom('1', '2', '3'), fc.nat(300_000), fc.integer({ min: 1, max: 40_000 })), {
      minLength: 1,
      maxLength: 300,
    })
    .map((places) =>
      places
        .sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]))
        .map(([contig, start, width], i) => `${contig}\t${start}\t${start + width}\tcell${i % 7}\t1\n`)
        .join(''),
    );
  const region = fc.tuple(
    fc.constantFrom('1', 'chr2', 'chr3', '4'),
    fc.nat(350_000),
    fc.integer({ min: 1, max: 60_000 }),
  );
  await fc.assert(
    fc.asyncProperty(
      sorted,
      region,
      fc.integer({ min: 30, max: 3000 }),
      async (whole, [contig, start, width], most) => {
        const path = join(folder, 'region.tsv.gz');
        const { bytes, members } = bgzip(whole, most);
        writeFileSync(path, bytes);
        const asked = { contig, start, end: start + width };
        const rows = async () => {
          const { blocks, indexed } = await readRegion(path, asked);
          return { indexed, rows: blocks.flatMap((block) => [...block.start].map((at, i) => `${at}-${block.end[i]}`)) };
        };
        rmSync(`${path}.tbi`, { force: true });
        const slow = await rows();
        writeFileSync(`${path}.tbi`, tabixIndex(whole, members));
        const fast = await rows();
        expect(slow.indexed).toBe(false);
        expect(fast).toEqual({ indexed: true, rows: slow.rows });
        const expected = whole
          .split('\n')
          .map((one) => one.split('\t'))
          .filter(
            ([name, from, to]) =>
              `chr${name}` === `chr${contig.replace('chr', '')}` && Number(from) < asked.end && Number(to) > start,
          );
        expect(fast.rows).toEqual(expected.map(([, from, to]) => `${from}-${to}`));
      },
    ),
    { numRuns: 100 },
  );
});
