import { describe, expect, test } from 'vitest';
import type { GraphFigure, HeatmapFigure, MapsFigure, RidgeFigure, ViolinFigure } from '#core/figures/figure-data';
import { figuresOf } from '#core/figures/figures-of';
import { forceLayout } from '#core/figures/force-layout';
import { figureInputs } from '#test/support/figure-inputs';

const input = figureInputs();
const figures = await figuresOf(input);
const find = <F>(id: string): F => figures.find((figure) => figure.id === id) as F;

describe('graph of labels', () => {
  const { labels, query } = input.transfer;

  test('has a disc per label with the cells that most probably have it, whatever their confidence', () => {
    const { panels, footnotes } = find<GraphFigure>('label-graph');
    const { nodes } = panels[0]!;
    expect(nodes.map(({ name, size }) => [name, size])).toEqual(
      labels.map((name, label) => [name, query.predicted.filter((one) => one === label).length]),
    );
    expect(Math.max(...nodes.map(({ area }) => area))).toBe(1);
    expect(footnotes.join()).toMatch(/in the learned space of 150\scells, grouped/);
  });

  test('lies among its cells on the map, turned so that up stays up', () => {
    const { nodes } = find<GraphFigure>('label-graph').panels[0]!;
    nodes.forEach(({ place }, label) => {
      const own = [...query.predicted.keys()].filter((cell) => query.predicted[cell] === label);
      const heights = own.map((cell) => input.layout![2 * (150 + cell) + 1]!);
      const above = heights.filter((height) => height > -place[1]).length;
      expect(Math.abs(above - own.length / 2)).toBeLessThanOrEqual(1.5);
    });
  });

  test('is left out where all cells have one label', async () => {
    const predicted = new Int32Array(query.predicted.length);
    const one = { ...input, transfer: { ...input.transfer, query: { ...query, predicted } } };
    expect((await figuresOf(one)).map(({ id }) => id)).not.toContain('label-graph');
  });
});

describe('forceLayout', () => {
  test('puts linked nodes nearer to each other than others, and gives the same places again', () => {
    const springs = [0, 3].flatMap((first) => [
      { from: first, to: first + 1, weight: 1 },
      { from: first + 1, to: first + 2, weight: 1 },
      { from: first, to: first + 2, weight: 1 },
    ]);
    const places = forceLayout(6, springs);
    expect(forceLayout(6, springs)).toEqual(places);
    const apart = (a: number, b: number): number =>
      Math.hypot(places[a]![0] - places[b]![0], places[a]![1] - places[b]![1]);
    const inside = Math.max(...springs.map(({ from, to }) => apart(from, to)));
    const between = [0, 1, 2].flatMap((a) => [3, 4, 5].map((b) => apart(a, b)));
    expect(Math.min(...between)).toBeGreaterThan(inside);
    expect(forceLayout(0, [])).toEqual([]);
    expect(forceLayout(1, [])[0]!.every(Number.isFinite)).toBe(true);
  });
});

describe('gene networks', () => {
  test('have a panel per label, at most six, the four most central genes in its colour', () => {
    const { panels, footnotes } = find<GraphFigure>('gene-networks');
    expect(panels).toHaveLength(6);
    for (const { nodes } of panels) {
      expect(nodes.filter(({ leading }) => leading).map(({ name }) => name)).toEqual([
        'Gene1',
        'Gene2',
        'Gene3',
        'Gene4',
      ]);
      expect(nodes[0]!.area).toBe(1);
    }
    expect(footnotes.join()).toContain('6 of 7 labels');
  });
});

describe('attention violins', () => {
  test('hold shares in per mille between the lowest and highest of the cells, with some cells as points', () => {
    const { panels, groups } = find<ViolinFigure>('pathway-violins');
    expect(panels).toHaveLength(7);
    const largest = 1000 * Math.max(...input.patterns!.attention.flatMap(({ cells }) => [...cells]));
    for (const { violins } of panels) {
      violins.forEach((violin, i) => {
        expect(violin!.cells).toBe(groups[i]!.cells);
        expect(violin!.points).toHaveLength(Math.min(40, violin!.cells));
        expect(violin!.at.at(-1)).toBeLessThanOrEqual(largest + 1e-3);
      });
    }
  });
});

describe('ridges', () => {
  test('are hills of equal area per panel, the highest 1', () => {
    const { panels } = find<RidgeFigure>('features-ridges');
    expect(panels).toHaveLength(3);
    for (const { ridges } of panels) {
      const heights = ridges.map((ridge) => ridge!.height);
      expect(Math.max(...heights.flat())).toBe(1);
      expect(Math.min(...heights.flat())).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('reference beside query', () => {
  test('has the same rows, as many columns a side as labels have cells there, and agrees with a plain z-score', () => {
    const { rows, columns, values, panels } = find<HeatmapFigure>('features-reference-query');
    expect(panels!.map(({ columns: own }) => own)).toEqual([7, 7]);
    const feature = input.pair.features.indexOf(rows[0]!.name);
    const { matrix, label } = { matrix: input.pair.reference.counts, label: input.pair.reference.label };
    if (!('indptr' in matrix)) throw new Error('the simulated reference lies in memory');
    const level = Array.from({ length: matrix.rows }, (_, row) => {
      const own = Array.from(matrix.indices.subarray(matrix.indptr[row], matrix.indptr[row + 1]));
      const counts = matrix.values.subarray(matrix.indptr[row], matrix.indptr[row + 1]);
      const at = own.indexOf(feature);
      return at < 0 ? 0 : Math.log1p((1e4 * counts[at]!) / counts.reduce((a, b) => a + b, 0));
    });
    const mean = level.reduce((a, b) => a + b, 0) / level.length;
    const deviation = Math.sqrt(level.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (level.length - 1));
    const inside = level.filter((_, cell) => label[cell] === 0);
    const expected = (inside.reduce((a, b) => a + b, 0) / inside.length - mean) / deviation;
    expect(values[0]).toBeCloseTo(expected, 2);
    expect(values).toHaveLength(rows.length * columns.length);
  });
});

describe('studies before and after', () => {
  test('show the same cells in both panels, with the numbers of each', () => {
    const { panels, codes, entries, footnotes } = find<MapsFigure>('studies-before-after');
    expect(panels.map(({ points }) => [points.x.length, points.y.length])).toEqual([
      [300, 300],
      [300, 300],
    ]);
    expect(codes).toHaveLength(300);
    expect(entries.map(({ cells }) => cells)).toEqual([150, 150]);
    expect(panels[0]!.lines).toEqual(['Neighbours of the other study: 0.80', 'Silhouette: studies 0.10, labels 0.40']);
    expect(footnotes.join()).toMatch(/^All 300\scells/);
  });
});
