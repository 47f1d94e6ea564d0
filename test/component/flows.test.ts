import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { FigureData, HeatmapFigure } from '#core/figures/figure-data';
import { cellsOfFlow, flowLines, labelFlows } from '../../src-renderer/features/results/label-flows.ts';
import { type FigurePick, pickOf } from '../../src-renderer/charts/figure-pick.ts';
import { shownLabels } from '../../src-renderer/state/result-view.svelte.ts';
import { expectAccessible } from './support/accessible.ts';
import { generatedResult } from './support/generated-study.ts';
import { finished, projectPath, renderApp, stubScreen } from './support/render-app.ts';

/** Charts without a canvas: each remembers what it was told, and a test clicks where it likes. */
const charts = vi.hoisted(() => ({
  list: [] as { figure: FigureData | null; onpick: ((pick: FigurePick) => void) | undefined }[],
}));
vi.mock('../../src-renderer/charts/mount-chart.ts', () => ({
  mountChart: (_: HTMLElement, _height: string, onpick?: (pick: FigurePick) => void) => {
    const chart = { figure: null as FigureData | null, onpick };
    charts.list.push(chart);
    return {
      show: (figure: FigureData) => (chart.figure = figure),
      svg: () => '<svg></svg>',
      dispose: () => undefined,
    };
  },
}));

const address = `#/run/${encodeURIComponent(projectPath)}/run-1`;
const result = generatedResult();
const truth = result.query.truth!;
const matrix = (): HeatmapFigure =>
  charts.list.findLast(({ figure }) => figure?.kind === 'heatmap')!.figure as HeatmapFigure;

beforeEach(() => {
  localStorage.clear();
  stubScreen();
  charts.list = [];
});

async function open(handlers: Parameters<typeof renderApp>[1] = {}): Promise<void> {
  renderApp(address, { ...finished, ...handlers });
  await fireEvent.click(await screen.findByRole('tab', { name: 'Confusion and flows' }));
}

/** Cells of an own label shown under a label at a threshold, counted one by one. */
function countedByHand(from: string, to: string, threshold: number): number[] {
  const shown = shownLabels(result, threshold);
  return [...shown.keys()].filter((cell) => {
    const label = shown[cell] === -1 ? 'Unknown' : result.labels[shown[cell]!];
    return truth.categories[truth.codes[cell]!] === from && label === to;
  });
}

describe('confusion and flows', () => {
  test('the matrix counts true labels against labels shown, and follows the threshold', async () => {
    await open();
    await fireEvent.click(screen.getByRole('radio', { name: 'Cells' }));
    for (const threshold of [0.95, 0.4]) {
      await fireEvent.input(screen.getByRole('slider', { name: 'Unknown threshold' }), {
        target: { value: String(threshold) },
      });
      await waitFor(() => expect(matrix().footnotes[0]).toContain(`exceed ${100 * threshold}`));
      const { rows, columns, values } = matrix();
      expect(values.reduce<number>((sum, cells) => sum + cells!, 0)).toBe(900);
      rows.forEach(({ name }, row) =>
        columns.forEach((column, place) => {
          const own = name.replace(/ \([\d,]+\)$/, '');
          expect(values[row * columns.length + place], `${own} → ${column.name}`).toBe(
            countedByHand(own, column.name, threshold).length,
          );
        }),
      );
    }
    expectAccessible();
  });

  test('a click on a field selects just its cells, here and in the table of cells', async () => {
    await open();
    const { columns } = matrix();
    const column = columns.findIndex(({ name }) => name === 'Unknown');
    charts.list.findLast(({ figure }) => figure?.kind === 'heatmap')!.onpick!({ row: 0, column });
    const expected = countedByHand('B cell', 'Unknown', 0.95);
    expect(expected.length).toBeGreaterThan(1);
    expect(
      await screen.findByText(
        `${expected.length} cells selected: True label B cell, shown as Unknown when they were selected.`,
      ),
    ).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'List them' }));
    const cells = await screen.findByRole('region', { name: 'Labels of the query cells' });
    await waitFor(() => expect(within(cells).getByText(new RegExp(`^${expected.length} cells of `))).toBeTruthy());
  });

  test('a side of the river stands for all its flows, and the table names every flow for the keyboard', async () => {
    await open();
    const river = charts.list.findLast(({ figure }) => figure?.kind === 'flow')!;
    river.onpick!({ row: 0, column: null });
    const all = truth.codes.filter((code) => truth.categories[code] === 'B cell').length;
    expect(await screen.findByText(new RegExp(`^${all} cells selected: True label B cell`))).toBeTruthy();
    const table = screen.getByRole('table', { name: 'Cells by True label and label shown' });
    const [first] = within(table).getAllByRole('button');
    const cells = Number(/^Select ([\d,]+) cells/.exec(first!.getAttribute('aria-label')!)![1]);
    await fireEvent.click(first!);
    expect(await screen.findByText(new RegExp(`^${cells} cells selected`))).toBeTruthy();
    expect(first!.getAttribute('aria-pressed')).toBe('true');
  });

  test('any column of the query takes the place of the truth; numbers are refused with what to do', async () => {
    await open();
    const compare = screen.getByRole('combobox', { name: 'Compare with' });
    await waitFor(() => expect(within(compare).getByRole('option', { name: 'donor' })).toBeTruthy());
    expect(within(compare).queryByRole('option', { name: 'protocol' })).toBeNull();
    await fireEvent.change(compare, { target: { value: 'donor' } });
    await waitFor(() => expect(matrix().rowTitle).toBe('donor'));
    expect(matrix().rows.map(({ name }) => name)).toEqual(['D2 (225)', 'D3 (225)', 'D4 (225)']);
    expect(matrix().footnotes[0]).toMatch(/^675\scells of 900: those that have one\./);
    await fireEvent.change(compare, { target: { value: 'mito' } });
    expect(await screen.findByText(/mito holds no labels/)).toBeTruthy();
  });

  test('without truth a person is shown what to choose', async () => {
    const without = { ...result, query: { ...result.query, truth: null } };
    await open({ 'run:result': () => Promise.resolve(without) });
    expect(await screen.findByText('Nothing to compare with yet')).toBeTruthy();
    expect(screen.getByRole('option', { name: 'Choose a column …' })).toBeTruthy();
  });
});

describe('labelFlows', () => {
  const labels = ['A', 'B', 'C'];
  const cell = fc.record({
    own: fc.integer({ min: -1, max: 3 }),
    predicted: fc.integer({ min: 0, max: 2 }),
    unknown: fc.boolean(),
  });

  test('counts every cell with an own label once, and gives back just these cells', () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 60 }), (cells) => {
        const own = { categories: ['Z', 'B', 'A', 'never'].slice(0, 4), codes: cells.map((one) => one.own) };
        const predicted = Int32Array.from(cells, (one) => one.predicted);
        const shown = predicted.map((label, i) => (cells[i]!.unknown ? -1 : label));
        const flows = labelFlows(own, { shown, predicted, labels, unknown: 'Unknown' });
        const held = cells.filter((one) => one.own !== -1).length;
        expect(flows.cells).toBe(held);
        expect(cellsOfFlow(flows, null, null)).toHaveLength(held);
        const lines = flowLines(flows);
        expect(lines.reduce((sum, line) => sum + line.cells, 0)).toBe(held);
        for (const line of lines) expect(cellsOfFlow(flows, line.row, line.column)).toHaveLength(line.cells);
        const agreeing = cells.filter((one, i) => own.categories[one.own] === (labels[shown[i]!] ?? '')).length;
        expect(flows.agreeing).toBe(agreeing);
      }),
    );
  });

  test('puts agreement on the diagonal, other labels behind it, and Unknown last', () => {
    const predicted = Int32Array.of(0, 1, 2, 0);
    const flows = labelFlows(
      { categories: ['Z', 'B', 'A'], codes: [2, 1, 0, -1] },
      { shown: Int32Array.of(0, -1, 2, 0), predicted, labels, unknown: 'Unknown' },
    );
    expect(flows.rows).toEqual(['A', 'B', 'Z']);
    expect(flows.columns).toEqual(['A', 'B', 'C', 'Unknown']);
    expect([...flows.counts]).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0]);
    expect([flows.shared, flows.agreeing]).toEqual([2, 1]);
  });
});

test('a click on a figure is told by rows and columns, or not at all', () => {
  const heatmap = { kind: 'heatmap', columnNames: true, columns: [{}, {}, {}] } as unknown as FigureData;
  expect(pickOf(heatmap, { dataIndex: 7 })).toEqual({ row: 2, column: 1 });
  const flow = { kind: 'flow' } as FigureData;
  expect(pickOf(flow, { dataType: 'edge', data: { source: 'from 3', target: 'to 12' } })).toEqual({
    row: 3,
    column: 12,
  });
  expect(pickOf(flow, { dataType: 'node', name: 'to 4' })).toEqual({ row: null, column: 4 });
  expect(pickOf({ kind: 'bars' } as FigureData, { dataIndex: 1 })).toBeNull();
});
