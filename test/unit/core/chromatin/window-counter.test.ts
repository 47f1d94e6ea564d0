import { expect, test } from 'vitest';
import { EveryBarcode } from '#core/chromatin/cell-rows';
import { WindowCounter } from '#core/chromatin/window-counter';
import { denseOf } from '#test/support/arbitrary-matrix';
import { blocksOfFragments, type TextFragment } from '#test/support/fragment-blocks';
import { inMemory } from '#test/support/stored-rows';

async function counted(fragments: readonly TextFragment[], width: number) {
  const counter = new WindowCounter(width);
  const rows = new EveryBarcode();
  for (const block of blocksOfFragments(fragments, 10_000)) counter.add(block, rows);
  return counter.result(rows.rows);
}

test('a genome of twelve thousand contigs is counted, in windows of any width', async () => {
  const fragments = Array.from({ length: 12_000 }, (_, i) => ({
    contig: `scaffold_${String(i).padStart(5, '0')}`,
    start: 50,
    end: 151,
    barcode: `cell${i % 2}`,
  }));
  for (const width of [100, 5000]) {
    const { windows, matrix } = await counted(fragments, width);
    expect(windows).toHaveLength(width === 100 ? 24_000 : 12_000);
    expect(windows[0]).toEqual({ contig: 'scaffold_00000', start: 0, end: width });
    const sums = denseOf(inMemory(matrix)).map((row) => row.reduce((a, b) => a + b));
    expect(sums).toEqual([12_000, 12_000]);
  }
});

test('windows far along a contig, in any order, have the place that they lie in', async () => {
  const last = 2 ** 31 - 1;
  const at = [last - 1, 25_600, 0, 25_599, 1_000_000_000].map((start) => ({
    contig: 'chr1',
    start,
    end: start + 1,
    barcode: 'A',
  }));
  const { windows, matrix } = await counted(at, 100);
  const starts = at.map(({ start }) => Math.floor(start / 100) * 100).sort((a, b) => a - b);
  expect(windows).toEqual(starts.map((start) => ({ contig: 'chr1', start, end: start + 100 })));
  expect(denseOf(inMemory(matrix))).toEqual([[2, 2, 2, 2, 2]]);
});

test('widths that are none are refused', () => {
  for (const width of [0, 99, 150.5, NaN]) expect(() => new WindowCounter(width)).toThrow(RangeError);
});
