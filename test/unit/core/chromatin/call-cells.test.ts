import { expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { callCells } from '#core/chromatin/call-cells';

/** Cells with about `depth` fragments, then background of about `noise`. */
function barcodes(cells: number, depth: number, background: number, noise: number): Float64Array {
  const random = new Random(3);
  const of = (mean: number, spread: number): number =>
    Math.max(1, Math.round(mean * Math.exp(spread * random.normal())));
  return Float64Array.from({ length: cells + background }, (_, i) => (i < cells ? of(depth, 0.4) : of(noise, 0.7)));
}

test.each([
  ['many deep cells', 3000, 8000, 60_000, 20],
  ['few cells', 200, 3000, 5000, 10],
  ['shallow cells', 1500, 1200, 40_000, 8],
])('%s are told from the background', (_what, cells, depth, background, noise) => {
  const called = callCells(barcodes(cells, depth, background, noise));
  const right = called.cells.filter((barcode) => barcode < cells).length;
  expect(right / cells).toBeGreaterThan(0.97);
  expect(right / called.cells.length).toBeGreaterThan(0.97);
  expect(called.knee!.fragments).toBeGreaterThanOrEqual(called.inflection!.fragments);
  expect(called.threshold).toBe(called.inflection!.fragments);
  expect(called.curve.rank[0]).toBe(1);
  expect(called.curve.rank.at(-1)).toBe(cells + background);
  expect(called.curve.rank.length).toBeLessThanOrEqual(600);
});

test('cells alone are kept, however different their depths', () => {
  const counts = barcodes(2000, 6000, 0, 1);
  expect(Math.max(...counts) / Math.min(...counts)).toBeGreaterThan(10);
  expect(callCells(counts).cells.length).toBe(2000);
  expect([...callCells([900, 0, 3], { minimum: 0 }).cells]).toEqual([0, 1, 2]);
});

test('a file of few cells alone keeps them all', () => {
  const called = callCells(barcodes(150, 200, 0, 1), { minimum: 50 });
  expect(called.cells.length).toBe(150);
  expect([called.knee, called.inflection, called.threshold]).toEqual([null, null, 50]);
  expect(called.reason).toContain('no background');
});

test('counts that fall evenly, without a bend, have no background', () => {
  const even = Float64Array.from({ length: 20_000 }, (_, i) => Math.round(1e6 / (i + 1) ** 0.9));
  expect([callCells(even).knee, callCells(even).threshold]).toEqual([null, 100]);
});

test('background below the minimum is not looked at', () => {
  const counts = barcodes(1000, 600, 5000, 5);
  const called = callCells(counts, { minimum: 100 });
  expect(called.threshold).toBe(100);
  expect([...called.cells]).toEqual([...counts.keys()].filter((i) => counts[i]! >= 100));
});

test('no barcode with the minimum is explained, with the fullest', () => {
  expect(() => callCells([3, 7], { minimum: 10 })).toThrow(
    expect.objectContaining({ code: 'chromatin.no-cells', details: { barcodes: 2, most: 7, minimum: 10 } }),
  );
  expect(() => callCells([])).toThrow(expect.objectContaining({ code: 'chromatin.no-cells' }));
});

test.each([[[500]], [[500, 500, 500]], [[500, 0, 0]], [[5000, 1]]])(
  'few barcodes %j are called by the minimum',
  (counts) => {
    expect([...callCells(counts).cells]).toEqual(counts.flatMap((count, i) => (count >= 100 ? [i] : [])));
  },
);
