import { describe, expect, test } from 'vitest';
import { tableCsv } from '#charts/export/chart-file';
import { benchmarkFigures } from '#core/figures/benchmark-figures';
import type { GraphFigure, HeatmapFigure } from '#core/figures/figure-data';
import { figureTable } from '#core/figures/figure-table';
import { figuresOf } from '#core/figures/figures-of';
import { readingHelp } from '#core/figures/reading-help';
import { benchmarkScore } from '#test/support/benchmark-scores';
import { figureInputs } from '#test/support/figure-inputs';

const benchmark = ['one', 'other'].flatMap((pair, p) =>
  ['A', 'B'].map((method, m) => benchmarkScore({ pair, method }, { accuracy: 0.5 + 0.1 * p + 0.2 * m, macro_f1: 0.4 })),
);
const figures = [...(await figuresOf(figureInputs())), ...benchmarkFigures(benchmark)];

describe('figureTable', () => {
  test.each(figures.map((figure) => ({ id: figure.id, figure })))(
    'has rows as wide as its header: $id',
    ({ figure }) => {
      const { columns, rows } = figureTable(figure);
      expect(new Set(columns).size).toBe(columns.length);
      expect(columns).not.toContain('');
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        expect(row).toHaveLength(columns.length);
        for (const field of row) if (typeof field === 'number') expect(Number.isFinite(field)).toBe(true);
      }
    },
  );

  test('is written as CSV with a line per row, names with commas in quotes', () => {
    const named = structuredClone(figures.find(({ id }) => id === 'label-graph')) as GraphFigure;
    const [first, ...others] = named.panels[0]!.nodes;
    const nodes = [{ ...first!, name: 'T cell, CD4' }, ...others];
    const lines = tableCsv(figureTable({ ...named, panels: [{ ...named.panels[0]!, nodes }] })).split('\n');
    expect(lines[0]).toBe('panel,from,to,Connectivity,Cells of from,Cells of to');
    expect(lines).toHaveLength(figureTable(named).rows.length + 2); // a header, and nothing after the last line break
    expect(lines.join('\n')).toContain(',"T cell, CD4",');
  });

  test('holds every field of a heatmap, with the panel it stands in', () => {
    const figure = figures.find(({ id }) => id === 'features-reference-query') as HeatmapFigure;
    const { rows, columns } = figureTable(figure);
    expect(rows).toHaveLength(figure.values.length);
    expect(columns[2]).toBe('panel');
    expect(rows[0]![2]).toBe('Reference, by its labels');
    expect(rows[figure.columns.length - 1]![2]).toBe('Query, by predicted label');
    expect(rows.map((row) => row.at(-1))).toEqual(figure.values);
  });

  test('names every disc of a graph, also those without a line', () => {
    const graph = figures.find(({ id }) => id === 'label-graph') as GraphFigure;
    const bare = { ...graph, panels: graph.panels.map((panel) => ({ ...panel, edges: panel.edges.slice(0, 1) })) };
    const names = new Set(figureTable(bare).rows.flatMap(([, from, to]) => [from, to]));
    for (const { name } of graph.panels[0]!.nodes) expect(names).toContain(name);
  });
});

test('readingHelp is one sentence for every figure', () => {
  for (const figure of figures) expect(readingHelp(figure)).toMatch(/^[A-Z][^.]+\.$/);
});
