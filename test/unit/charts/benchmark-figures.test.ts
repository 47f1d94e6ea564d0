import { describe, expect, test } from 'vitest';
import { figureSvg } from '#charts/figure-svg';
import { benchmarkFigures } from '#core/figures/benchmark-figures';
import type { BarFigure, BoxFigure, HeatmapFigure, LineFigure } from '#core/figures/figure-data';
import { benchmarkScore } from '#test/support/benchmark-scores';

const methods = ['Plain <one>', 'Other & more'];
const main = methods.flatMap((method, m) =>
  ['there', 'and back'].flatMap((pair, p) =>
    [1, 2].map((seed) =>
      benchmarkScore(
        {
          ...{ pair, study: 'both ways', representation: p === 0 ? 'peaks' : 'gene activity', method, seed },
          keyGenes: [{ label: 'type 1', rate: 0.4 + m / 10, expectedRate: 0.05 }],
        },
        {
          ...{ accuracy: 0.5 + m / 10 + seed / 100, macro_f1: 0.4 + p / 10, rare_f1_below_5: p === 0 ? null : 0.2 },
          ...(p === 0 ? { overall_accuracy: 0.4, novelty_auroc: 0.7, novelty_aupr: 0.3, oscr: 0.5 } : {}),
        },
      ),
    ),
  ),
);
const ablated = benchmarkScore({ pair: 'there', method: 'Plain without', ablates: methods[0]! }, { accuracy: 0.3 });
const varied = [0.1, 0.2, 0.4].map((t) =>
  benchmarkScore({ pair: 'there', method: `m ${t}`, varied: { temperature: t } }, { accuracy: t, macro_f1: t }),
);
const chosen = ['sgd', 'adam'].map((optimiser) =>
  benchmarkScore({ pair: 'there', method: optimiser, varied: { optimiser } }, { accuracy: 0.5, macro_f1: 0.5 }),
);
const crossed = [1, 2].flatMap((a) =>
  [3, 4].map((b) =>
    benchmarkScore({ pair: 'there', method: `${a} ${b}`, varied: { a, b } }, { accuracy: (a * b) / 10, macro_f1: 0.5 }),
  ),
);
const figures = benchmarkFigures([...main, ablated, ...varied, ...chosen, ...crossed]);
const find = <F>(id: string): F => figures.find((figure) => figure.id === id) as F;

describe('figures of a benchmark', () => {
  test('are all there, each under an id of its own', () => {
    const ids = figures.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining([
        ...['bars-accuracy', 'bars-macro-f1', 'boxes-accuracy', 'boxes-macro-f1', 'novelty-there', 'rare-labels'],
        ...['representation-both-ways-accuracy', 'ablation-plain-one', 'sensitivity-method-temperature-accuracy'],
        ...['sensitivity-method-optimiser-accuracy', 'sensitivity-method-a-b-accuracy'],
        ...['key-genes-there', 'key-genes-and-back', 'run-time', 'memory'],
      ]),
    );
  });

  test('are drawn as whole SVG files, names in full and escaped', () => {
    for (const figure of figures) {
      const svg = figureSvg(figure);
      expect(svg, figure.id).not.toMatch(/NaN|undefined|Infinity|<one>/);
      expect(svg.trimEnd().endsWith('</svg>'), figure.id).toBe(true);
    }
    expect(figureSvg(find<BarFigure>('bars-accuracy'))).toContain('0.515 ± 0.007');
  });

  test('give a method the same colour everywhere', () => {
    const colours = new Map<string, string>();
    for (const figure of figures) {
      if (figure.kind !== 'bars' && figure.kind !== 'boxes') continue;
      for (const { name, colour } of figure.series.filter(({ name }) => methods.includes(name))) {
        expect(colours.get(name) ?? colour).toBe(colour);
        colours.set(name, colour);
      }
    }
    expect(colours.size).toBe(2);
  });

  test('show means with their spread, and every number in boxes', () => {
    const bars = find<BarFigure>('bars-accuracy');
    expect(bars.categories).toEqual(['there', 'and back']);
    expect(bars.series[0]!.values[0]).toBeCloseTo(0.515, 12);
    expect(bars.series[0]!.spreads![0]).toBeCloseTo(Math.SQRT1_2 / 100, 12);
    const boxes = find<BoxFigure>('boxes-accuracy');
    expect(boxes.categories).toEqual(['both ways']);
    expect(boxes.series[1]!.values[0]).toEqual([0.61, 0.62, 0.61, 0.62].map((value) => expect.closeTo(value, 12)));
  });

  test('leave out what was not measured: nothing is not 0', () => {
    const rare = find<BarFigure>('rare-labels');
    expect(rare.categories).toEqual(['F1 of labels under 5 %']);
    expect(rare.footnotes[0]).toContain('Pairs with labels under 5 %: 1.');
    expect(find<BarFigure>('ablation-plain-one').series[1]!.values).toEqual([expect.closeTo(0.45, 12), null]);
    expect(benchmarkFigures([])).toEqual([]);
  });

  test('show varied settings as a curve, as bars or as fields', () => {
    const curve = find<LineFigure>('sensitivity-method-temperature-accuracy');
    expect(curve.series.map(({ name, x, y }) => [name, x, y])).toEqual([['there', [0.1, 0.2, 0.4], [0.1, 0.2, 0.4]]]);
    expect(find<BarFigure>('sensitivity-method-optimiser-accuracy').categories).toEqual(['sgd', 'adam']);
    const fields = find<HeatmapFigure>('sensitivity-method-a-b-accuracy');
    expect([fields.rowTitle, fields.columnTitle, fields.values]).toEqual(['a', 'b', [0.3, 0.4, 0.6, 0.8]]);
    expect(fields.range).toEqual([0.3, 0.8]);
  });
});
