import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { PointMap } from '../../src-renderer/charts/page/mount-point-map.ts';
import { looks, type MapPoints } from '../../src-renderer/charts/point-map/map-points.ts';
import { expectAccessible } from './support/accessible.ts';
import { features } from './support/generated-explorers.ts';
import { generatedResult } from './support/generated-study.ts';
import { askedOf, finished, projectPath, renderApp, stubScreen } from './support/render-app.ts';

/** A map without a card behind it: it remembers what it was told, and answers where a test says so. */
const map = vi.hoisted(() => ({
  shown: null as MapPoints | null,
  within: new Uint32Array(),
  at: -1,
}));
vi.mock('../../src-renderer/charts/page/mount-point-map.ts', () => ({
  mountPointMap: (_: HTMLElement, onview: (view: unknown) => void): PointMap => {
    onview({ camera: { x: 0, y: 0, scale: 200 }, size: { width: 600, height: 400 } });
    return {
      show: (points) => (map.shown = points),
      fit: () => undefined,
      zoom: () => undefined,
      pan: () => undefined,
      pointAt: () => map.at,
      pointsWithin: () => map.within,
      view: () => ({ camera: { x: 0, y: 0, scale: 200 }, size: { width: 600, height: 400 } }),
      picture: () => 'data:image/png;base64,AAAA',
      progress: () => ({ atOnce: 1, complete: true }),
      dispose: () => undefined,
    };
  },
}));
vi.mock('../../src-renderer/charts/mount-chart.ts', () => ({
  mountChart: () => ({ show: () => undefined, dispose: () => undefined }),
}));

const address = `#/run/${encodeURIComponent(projectPath)}/run-1`;
const result = generatedResult();
const monocyte = result.labels.indexOf('Monocyte');
const cellsOf = (look: number): number => map.shown!.looks.filter((value) => value === look).length;

beforeEach(() => {
  localStorage.clear();
  stubScreen();
  Object.assign(map, { shown: null, within: new Uint32Array(), at: -1 });
  Element.prototype.setPointerCapture = () => undefined;
  Element.prototype.scrollIntoView = () => undefined;
});

/** Opens a view of the result. */
async function open(
  tab: string,
  handlers: Parameters<typeof renderApp>[1] = {},
): Promise<ReturnType<typeof renderApp>> {
  const services = renderApp(address, { ...finished, ...handlers });
  await fireEvent.click(await screen.findByRole('tab', { name: tab }));
  return services;
}

/** Draws a line over the map that the stand-in answers with `map.within`. */
async function drawLasso(): Promise<void> {
  await fireEvent.click(screen.getByRole('radio', { name: /^Lasso/ }));
  const area = screen.getByRole('application');
  await fireEvent.pointerDown(area, { button: 0, clientX: 10, clientY: 10 });
  for (const [clientX, clientY] of [
    [90, 10],
    [90, 90],
    [10, 90],
  ])
    await fireEvent.pointerMove(area, { clientX, clientY });
  await fireEvent.pointerUp(area, { clientX: 10, clientY: 60 });
}

describe('the map', () => {
  test('shows every query cell, in the colour of its label and named in the legend with its number of cells', async () => {
    await open('Map');
    expect(map.shown!.places).toHaveLength(2 * 900);
    expect(cellsOf(looks.plain)).toBe(900);
    const legend = screen.getByRole('list', { name: 'Legend: Label' });
    const counts = within(legend)
      .getAllByRole('button', { pressed: false })
      .flatMap((button) => /([\d,]+)$/.exec(button.textContent.trim())?.[1] ?? []);
    expect(counts.reduce((sum, text) => sum + Number(text), 0)).toBe(900);
    expectAccessible();
  });

  test('a name of the legend is picked out by a click and put away by its eye', async () => {
    await open('Map');
    const legend = screen.getByRole('list', { name: 'Legend: Label' });
    const shown = result.query.predicted.filter(
      (label, cell) => label === monocyte && result.query.confidence[cell]! > 0.95,
    );
    await fireEvent.click(within(legend).getByRole('button', { name: /^Monocyte/ }));
    await waitFor(() => expect(cellsOf(looks.plain)).toBe(shown.length));
    expect(cellsOf(looks.faded)).toBe(900 - shown.length);
    await fireEvent.click(within(legend).getByRole('button', { name: /^Monocyte/ }));
    await fireEvent.click(within(legend).getByRole('button', { name: 'Hide Monocyte' }));
    await waitFor(() => expect(cellsOf(looks.hidden)).toBe(shown.length));
    await fireEvent.click(within(legend).getByRole('button', { name: 'Show Monocyte' }));
    await waitFor(() => expect(cellsOf(looks.plain)).toBe(900));
  });

  test('the reference is laid beside it on request, and never selected', async () => {
    await open('Map');
    await fireEvent.click(screen.getByRole('switch', { name: 'Reference too' }));
    await waitFor(() => expect(map.shown!.places).toHaveLength(4 * 900));
    map.within = Uint32Array.of(3, 899, 900, 905);
    await drawLasso();
    expect(await screen.findByText('2 cells selected')).toBeTruthy();
  });

  test('is coloured by a feature that is found by typing', async () => {
    const services = await open('Map');
    const field = screen.getByRole('combobox', { name: 'Colour by a gene or feature' });
    await fireEvent.click(field);
    await fireEvent.input(field, { target: { value: 'cd' } });
    await waitFor(() =>
      expect(screen.getAllByRole('option', { hidden: true }).map((option) => option.textContent)).toEqual([
        'CD3E',
        'CD4',
        'CD8A',
      ]),
    );
    await fireEvent.keyDown(field, { key: 'ArrowDown' });
    await fireEvent.keyDown(field, { key: 'Enter' });
    await waitFor(() => expect(askedOf(services, 'run:feature-values')).toHaveLength(1));
    const { feature } = askedOf(services, 'run:feature-values')[0] as { feature: string };
    expect(features).toContain(feature);
    expect(await screen.findByRole('img', { name: `Query cells by ${feature}` })).toBeTruthy();
    expect(map.shown!.highOnTop).toBe(true);
    expect(map.shown!.colours.filter((colour) => colour > 0)).toHaveLength(225);
    expect(await screen.findByText(`${feature} is found in 225 query cells`)).toBeTruthy();
  });

  test('says that an older run keeps no single features', async () => {
    await open('Map', {
      'run:features': () =>
        Promise.resolve({ kept: false, reason: 'This run was made by an earlier version.', total: 0, names: [] }),
    });
    await fireEvent.click(screen.getByRole('combobox', { name: 'Colour by a gene or feature' }));
    expect(await screen.findByText(/made by an earlier version. Run it again to keep them/)).toBeTruthy();
  });

  test('is coloured by a column of the studies, by keys alone; what was not kept is said', async () => {
    const services = await open('Map');
    const field = screen.getByRole('combobox', { name: 'Colour by a column of the studies' });
    await fireEvent.click(field);
    expect(await screen.findByText('Not kept: barcode (most cells have a value of their own).')).toBeTruthy();
    await fireEvent.input(field, { target: { value: 'don' } });
    await waitFor(() => expect(screen.getAllByRole('option', { hidden: true })).toHaveLength(1));
    await fireEvent.keyDown(field, { key: 'ArrowDown' });
    await fireEvent.keyDown(field, { key: 'Enter' });
    expect(await screen.findByRole('img', { name: 'Query cells by donor' })).toBeTruthy();
    expect(askedOf(services, 'run:column-values')).toMatchObject([{ column: 'donor' }]);
    const legend = screen.getByRole('list', { name: 'Legend: donor' });
    expect(within(legend).getByRole('button', { name: /^No value 225$/ })).toBeTruthy();
    expect(screen.getByText('donor is a column of both studies')).toBeTruthy();
    expectAccessible();
    await fireEvent.click(screen.getByRole('switch', { name: 'Reference too' }));
    expect(await screen.findByRole('img', { name: 'Reference and query cells by donor' })).toBeTruthy();
    expect(map.shown!.places).toHaveLength(4 * 900);
    expect(screen.getByRole('radio', { name: 'donor', checked: true })).toBeTruthy();
  });

  test('is shown before training on request: cells that were not laid out are not drawn, and it says how many are', async () => {
    await open('Map');
    await fireEvent.click(screen.getByRole('radio', { name: 'Before training' }));
    expect(await screen.findByRole('img', { name: 'Query cells by label, before training' })).toBeTruthy();
    expect(
      screen.getByText(/50 principal components of both studies together, before training. 600 of 1,800/),
    ).toBeTruthy();
    expect([cellsOf(looks.plain), cellsOf(looks.hidden)]).toEqual([300, 600]);
    await fireEvent.click(screen.getByRole('switch', { name: 'Reference too' }));
    await waitFor(() => expect(map.shown!.looks).toHaveLength(1800));
    expect(cellsOf(looks.plain)).toBe(600);
    const drawn = [...map.shown!.looks.keys()].filter((cell) => map.shown!.looks[cell] !== looks.hidden);
    expect(drawn).toEqual([...result.before!.cells]);
    expectAccessible();
    await fireEvent.click(screen.getByRole('radio', { name: 'Learned space' }));
    await waitFor(() => expect(cellsOf(looks.plain)).toBe(1800));
  });

  test('of an older run offers no map before training', async () => {
    await open('Map', { 'run:result': () => Promise.resolve({ ...result, before: null }) });
    expect(screen.queryByRole('radio', { name: 'Before training' })).toBeNull();
  });

  test('shows a column that only the reference has on the reference, and the query in grey', async () => {
    await open('Map');
    const field = screen.getByRole('combobox', { name: 'Colour by a column of the studies' });
    await fireEvent.click(field);
    await fireEvent.input(field, { target: { value: 'prot' } });
    await waitFor(() => expect(screen.getAllByRole('option', { hidden: true })).toHaveLength(1));
    await fireEvent.keyDown(field, { key: 'ArrowDown' });
    await fireEvent.keyDown(field, { key: 'Enter' });
    expect(await screen.findByRole('img', { name: 'Reference and query cells by protocol' })).toBeTruthy();
    expect(screen.queryByRole('switch', { name: 'Reference too' })).toBeNull();
    expect(screen.getByText('protocol is a column of the reference only; query cells are grey')).toBeTruthy();
    const legend = screen.getByRole('list', { name: 'Legend: protocol' });
    expect(within(legend).getByRole('button', { name: 'Query, not by this 900' })).toBeTruthy();
  });

  test('says that an older run keeps no columns', async () => {
    await open('Map', {
      'run:columns': () =>
        Promise.resolve({ kept: false, reason: 'Made by an earlier version.', columns: [], leftOut: [] }),
    });
    await fireEvent.click(screen.getByRole('combobox', { name: 'Colour by a column of the studies' }));
    expect(await screen.findByText(/No columns of the studies: Made by an earlier version. Run it again/)).toBeTruthy();
  });

  test('names the cell under the pointer with its label and confidence', async () => {
    await open('Map');
    map.at = 7;
    await fireEvent.pointerMove(screen.getByRole('application'), { clientX: 20, clientY: 20 });
    expect(await screen.findByText('cell-8')).toBeTruthy();
    const card = screen.getByText('cell-8').closest('div')!;
    expect(card.textContent).toContain(`${(result.query.confidence[7]! * 100).toFixed(1)} %`);
  });
});

describe('a selection', () => {
  test('by lasso is explained: label, runner-up, features for and against, nearest reference cells', async () => {
    const services = await open('Map');
    map.within = Uint32Array.of(1, 2, 5);
    await drawLasso();
    const card = screen.getByRole('region', { name: 'Why this label?' });
    expect(await within(card).findByText('3 cells selected')).toBeTruthy();
    const label = result.labels[result.query.predicted[1]!]!;
    const speaks = await within(card).findByRole('region', { name: `Features that speak for ${label}` });
    expect(within(speaks).getByRole('button', { name: 'LYZ' })).toBeTruthy();
    expect(within(card).getByText(/reference-7/)).toBeTruthy();
    expect(within(card).getByRole('button', { name: 'Save the chart: Why this label?' })).toBeTruthy();
    expect(askedOf(services, 'run:why')).toMatchObject([{ cells: [1, 2, 5] }]);
    expect(cellsOf(looks.chosen)).toBe(3);
    expectAccessible();
    await fireEvent.click(within(card).getByRole('button', { name: 'Clear the selection' }));
    await waitFor(() => expect(cellsOf(looks.plain)).toBe(900));
  });

  test('of very many cells is explained by an even sample, and the card says so', async () => {
    const services = await open('Map', { 'run:result': () => Promise.resolve(generatedResult({ cells: 5000 })) });
    map.within = Uint32Array.from({ length: 5000 }, (_, cell) => cell);
    await drawLasso();
    expect(await screen.findByText(/From an even sample of 2,000 of the 5,000 selected cells/)).toBeTruthy();
    const [{ cells }] = askedOf(services, 'run:why') as [{ cells: number[] }];
    expect(cells).toHaveLength(2000);
    expect(new Set(cells).size).toBe(2000);
  });

  test('is the same in the table, where cells are ticked and unticked', async () => {
    await open('Map');
    map.within = Uint32Array.of(4, 8, 800);
    await drawLasso();
    await fireEvent.click(await screen.findByRole('button', { name: 'List them' }));
    const table = await screen.findByRole('table', { name: 'Labels of the query cells' });
    await waitFor(() => expect(within(table).getAllByRole('row')).toHaveLength(4));
    expect(within(table).getByText('cell-801')).toBeTruthy();
    await fireEvent.click(within(table).getByRole('checkbox', { name: 'Select cell-9' }));
    expect(screen.getByRole('switch', { name: 'Only the 2 selected' })).toBeTruthy();
    await fireEvent.click(screen.getByRole('switch', { name: 'Only the 2 selected' }));
    expect(await screen.findByText('900 cells of 900.')).toBeTruthy();
    expect(
      within(table)
        .getAllByRole('checkbox', { checked: true })
        .map((box) => box.ariaLabel ?? box.getAttribute('aria-label')),
    ).toEqual(['Select cell-5']);
  });
});

describe('the determinant features', () => {
  test('are searched, filtered and sorted, and one is shown closely and on the map', async () => {
    const services = await open('Markers');
    const table = await screen.findByRole('table', { name: 'Determinant features' });
    const names = (): string[] =>
      within(table)
        .getAllByRole('button')
        .filter((button) => button.closest('td') !== null)
        .map((button) => button.textContent);
    expect(names()).toEqual(['MS4A1', 'CD4', 'LYZ', 'CD4']);
    await fireEvent.change(screen.getByRole('combobox', { name: 'Order' }), { target: { value: 'attribution' } });
    expect(names()).toEqual(['LYZ', 'MS4A1', 'CD4', 'CD4']);
    await fireEvent.change(screen.getByRole('combobox', { name: 'Label' }), { target: { value: 'Monocyte' } });
    expect(names()).toEqual(['LYZ', 'CD4']);
    await fireEvent.input(screen.getByRole('textbox', { name: 'Find a feature' }), { target: { value: 'ly' } });
    expect(names()).toEqual(['LYZ']);
    await fireEvent.click(within(table).getByRole('button', { name: 'LYZ' }));
    expect(await screen.findByRole('img', { name: 'LYZ by label' })).toBeTruthy();
    expect(askedOf(services, 'run:feature-values')).toMatchObject([{ feature: 'LYZ' }]);
    expectAccessible();
    await fireEvent.click(screen.getByRole('button', { name: 'Show on the map' }));
    expect(await screen.findByRole('img', { name: 'Query cells by LYZ' })).toBeTruthy();
  });

  test('of a method that names none are explained, not an empty table', async () => {
    await open('Markers', { 'run:markers': () => Promise.resolve([]) });
    expect(await screen.findByText('No determinant features')).toBeTruthy();
  });
});

describe('lost labels', () => {
  test('follow the threshold: under 100 % every label is lost, and the report says where they would show', async () => {
    renderApp(address, finished);
    const card = await screen.findByRole('region', { name: 'Lost labels' });
    const slider = screen.getByRole('slider', { name: 'Unknown threshold' });
    await fireEvent.input(slider, { target: { value: '1' } });
    const list = await within(card).findByRole('list', { name: 'Labels that were lost or shifted' });
    expect(within(list).getAllByText('all Unknown')).toHaveLength(result.labels.length);
    await fireEvent.input(slider, { target: { value: '0.3' } });
    await waitFor(() => expect(within(card).queryByText('all Unknown')).toBeNull());
  });
});
