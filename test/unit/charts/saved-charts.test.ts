import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { tableCsv } from '#charts/export/chart-file';
import { type Mark, marksSvg } from '#charts/export/marks';
import { withResolution } from '#charts/export/png-resolution';
import { textWidth } from '#charts/text-width';
import { headOf, heatmapMarks, NAMES } from '#charts/heatmap-tiles/heatmap-marks';

/** The chunks of a PNG: name, data, and the checksum that is written. */
function chunksOf(png: Uint8Array): { name: string; data: Buffer; crc: number }[] {
  const bytes = Buffer.from(png);
  const chunks = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const data = bytes.subarray(at + 8, at + 8 + length);
    chunks.push({ name: bytes.toString('latin1', at + 4, at + 8), data, crc: bytes.readUInt32BE(at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** A picture of one black pixel. */
function onePixel(): Uint8Array<ArrayBuffer> {
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.of(0, 0))), chunk('IEND', Buffer.alloc(0))];
  return Uint8Array.from(Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...parts]));
}

describe('withResolution', () => {
  test.each([
    [300, 11_811],
    [600, 23_622],
    [96, 3_780],
  ])('%d dpi are %d pixels per metre, in a chunk with a right checksum after the header', (dpi, perMetre) => {
    const chunks = chunksOf(withResolution(onePixel(), dpi));
    expect(chunks.map(({ name }) => name)).toEqual(['IHDR', 'pHYs', 'IDAT', 'IEND']);
    const { name, data, crc } = chunks[1]!;
    expect([data.readUInt32BE(0), data.readUInt32BE(4), data[8]]).toEqual([perMetre, perMetre, 1]);
    expect(crc).toBe(crc32(Buffer.concat([Buffer.from(name, 'latin1'), data])));
  });
});

describe('marksSvg', () => {
  const sheet = { width: 100, height: 50, title: 'A <chart> & more', background: '#ffffff', fontFamily: 'Arial' };

  test('writes text as text with markup characters escaped, and the size on paper', () => {
    const svg = marksSvg([{ kind: 'text', x: 1, y: 2, text: '<T cell>', px: 12, fill: '#000000' }], sheet);
    expect(svg).toContain('&#60;T cell&#62;</text>');
    expect(svg).toContain('<title>A &#60;chart&#62; &#38; more</title>');
    expect(svg).toContain('width="26.46mm" height="13.23mm" viewBox="0 0 100 50"');
  });

  test('clips what lies within a box, and names every definition once', () => {
    const box = { x: 0, y: 0, width: 10, height: 10 };
    const rect: Mark = { kind: 'rect', ...box, fill: '#ff0000' };
    const svg = marksSvg(
      [
        { kind: 'within', box, marks: [rect, { kind: 'within', box, marks: [rect] }] },
        { kind: 'scale', box, colours: ['#000000', '#ffffff'] },
      ],
      sheet,
    );
    const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const used = [...svg.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids).toHaveLength(3);
    expect([...used].sort()).toEqual([...ids].sort());
  });
});

describe('heatmapMarks', () => {
  const rows = Array.from({ length: 30 }, (_, i) => ({ name: `gene ${i}`, colour: '#0072b2' }));
  const spans = [{ name: 'B cell', colour: '#0072b2', from: 0, to: 200 }];
  const confidence = new Float32Array(200).fill(0.5);
  const view = { width: 100, height: 60, left: 0, cellsPerPixel: 2, top: 0, pixelsPerRow: 2 };
  const writing = { px: 11, ink: '#000000', muted: '#555555' };
  const flat = (marks: readonly Mark[]): Mark[] =>
    marks.flatMap((mark) => (mark.kind === 'within' ? flat(mark.marks) : [mark]));

  test('write as many names of rows as have room, and pixels of one shade as one mark', () => {
    const marks = flat(
      heatmapMarks(view, { rows, spans, confidence, selected: null }, writing, { sequential: ['#ffffff', '#000000'] }),
    );
    const names = marks.filter((mark) => mark.kind === 'text' && mark.text.startsWith('gene'));
    expect(names).toHaveLength(5); // a line of 12 px takes 6 rows of 2 px
    const shades = marks.filter(
      (mark) => mark.kind === 'rect' && mark.x >= NAMES && mark.y > headOf({ selected: null }) - 12,
    );
    expect(shades).toEqual([expect.objectContaining({ x: NAMES, width: 100, fill: '#808080' })]);
    expect(marks).toContainEqual(expect.objectContaining({ kind: 'text', text: 'B cell' }));
  });

  test('mark the pixels behind which a selected cell lies, however many cells a pixel stands for', () => {
    const selected = new Uint8Array(200);
    for (const cell of [0, 21, 23, 199]) selected[cell] = 1;
    const content = { rows, spans, confidence, selected };
    const marks = flat(heatmapMarks(view, content, writing, { sequential: ['#ffffff', '#000000'] }));
    const strip = marks.filter((mark) => mark.kind === 'rect' && mark.x >= NAMES && mark.fill === writing.ink);
    expect(strip.map((mark) => mark.kind === 'rect' && [mark.x - NAMES, mark.width])).toEqual([
      [0, 1],
      [10, 2],
      [99, 1],
    ]);
    expect(marks).toContainEqual(expect.objectContaining({ kind: 'text', text: 'Selected' }));
    expect(headOf({ selected })).toBeGreaterThan(headOf({ selected: null }));
  });

  test('names that are wider than their column end in dots, none begins outside of the picture', () => {
    const long = [{ name: 'chr10:100001234-100001734 (upstream of a gene)', colour: '#0072b2' }];
    const content = { rows: long, spans, confidence, selected: null };
    const marks = flat(
      heatmapMarks({ ...view, pixelsPerRow: 20 }, content, writing, { sequential: ['#ffffff', '#000000'] }),
    );
    const [name] = marks.filter((mark) => mark.kind === 'text' && mark.text.startsWith('chr10'));
    expect(name).toMatchObject({ text: expect.stringMatching(/…$/) as unknown, align: 'end' });
    expect(textWidth(name!.kind === 'text' ? name!.text : '', writing.px)).toBeLessThan(NAMES - 18);
  });
});

test('a table is written with its titles, null as an empty field', () => {
  expect(tableCsv({ columns: ['a', 'b, c'], rows: [[1, null]] })).toBe('a,"b, c"\n1,\n');
});
