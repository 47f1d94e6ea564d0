import { expect, test } from 'vitest';
import { callCells } from '#core/chromatin/call-cells';
import { CoverageCounter } from '#core/chromatin/coverage';
import { barcodeRankFigure } from '#core/figures/barcode-rank-figure';
import { coverageFigure } from '#core/figures/coverage-figure';
import { labelColours } from '#core/figures/label-colours';

test('the ranks of barcodes are drawn as powers of ten, with the threshold across them', () => {
  const counts = Array.from({ length: 1100 }, (_, i) => (i < 100 ? 10_000 - i : 20));
  const called = callCells(counts);
  const { series, footnotes } = barcodeRankFigure(called);
  expect(series.map(({ name }) => name)).toEqual([
    'barcodes',
    expect.stringMatching(/^threshold, [\d,]+ fragments$/),
    'knee',
  ]);
  expect([series[0]!.x[0], series[0]!.y[0]]).toEqual([0, 4]);
  expect(series[1]!.x).toEqual([0, Number(Math.log10(1100).toFixed(4))]);
  expect(series[1]!.y).toEqual([0, 0].map(() => Number(Math.log10(called.threshold).toFixed(4))));
  expect(footnotes[0]).toMatch(/^100 barcodes are cells\. /);
});

test('barcodes without background have no knee', () => {
  expect(barcodeRankFigure(callCells([300, 200, 150])).series.length).toBe(2);
});

test('coverage has a line in the colour of each label that has cells, and names the genes', () => {
  const genes = [{ name: 'CD3E', contig: 'chr11', start: 90, end: 200, strand: '-' as const }];
  const region = { contig: 'chr11', start: 99, end: 2099 };
  const counter = new CoverageCounter(region, ['B', 'T'], Int32Array.of(1, 1), { genes, places: 10 });
  const figure = coverageFigure(counter.result(), labelColours(['B', 'T']), 'CD3E');
  expect(figure.title).toBe('Open chromatin at CD3E (chr11:100-2,099)');
  expect(figure.id).toBe('coverage-CD3E');
  expect(figure.series.map(({ name, colour, x, y }) => [name, colour, x.length, y.length])).toEqual([
    ['T', labelColours(['B', 'T']).get('T'), 10, 10],
  ]);
  expect(figure.footnotes.join(' ')).toContain('Genes here: CD3E (-).');
  expect(coverageFigure(counter.result(), new Map()).id).toBe('coverage-chr11-100-2-099');
});
