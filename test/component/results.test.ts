import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { embeddingFigure, layoutOf } from '../../src-renderer/features/results/embedding.ts';
import { shownLabels } from '../../src-renderer/state/result-view.svelte.ts';
import { expectAccessible } from './support/accessible.ts';
import { generatedResult } from './support/generated-study.ts';
import { askedOf, finished, projectPath, renderApp, stubScreen } from './support/render-app.ts';

vi.mock('../../src-renderer/charts/page/mount-point-map.ts', () => ({ mountPointMap: () => null })); // no WebGL here
vi.mock('../../src-renderer/charts/mount-chart.ts', () => ({
  mountChart: () => ({ show: () => undefined, dispose: () => undefined }),
}));

const address = `#/run/${encodeURIComponent(projectPath)}/run-1`;
const result = generatedResult();
const accepted = (threshold: number): number => result.query.confidence.filter((value) => value > threshold).length;

beforeEach(() => {
  localStorage.clear();
  stubScreen();
});

describe('the result screen', () => {
  test('counts labelled and unknown cells with their denominator, and scores on cells with truth only', async () => {
    renderApp(address, finished);
    const said = await screen.findByText(`of 900 query cells`, { exact: false, selector: 'dd' });
    expect(said.parentElement!.textContent).toContain(String(accepted(0.95)));
    expect(screen.getAllByText(`on ${result.facts.metrics!.cellsScored} cells with truth`)).toHaveLength(2);
    expectAccessible();
  });

  test('follows the threshold everywhere, and asks for the table of cells under it', async () => {
    const services = renderApp(address, finished);
    const card = await screen.findByRole('region', { name: 'Confidence and Unknown' });
    await fireEvent.input(within(card).getByRole('slider', { name: 'Unknown threshold' }), {
      target: { value: '0.8' },
    });
    expect(within(card).getByRole('status').textContent).toContain(`${accepted(0.8)} cells labelled`);
    const composition = screen.getByRole('region', { name: 'Label composition' });
    expect(within(composition).getByRole('row', { name: /^Unknown/ }).textContent).toContain(
      String(900 - accepted(0.8)),
    );
    await waitFor(() => expect(askedOf(services, 'run:labels').at(-1)).toMatchObject({ threshold: 0.8, offset: 0 }));
    await fireEvent.click(within(card).getByRole('button', { name: 'Back to 95.0 %' }));
    expect(within(card).getByRole('status').textContent).toContain(`${accepted(0.95)} cells labelled`);
  });

  test('says what to do when no cell is labelled', async () => {
    renderApp(address, finished);
    const card = await screen.findByRole('region', { name: 'Confidence and Unknown' });
    await fireEvent.input(within(card).getByRole('slider', { name: 'Unknown threshold' }), { target: { value: '1' } });
    expect(await within(card).findByText(/No cell is labelled at this threshold/)).toBeTruthy();
  });

  test('picks out a label on the map and in the table', async () => {
    const services = renderApp(address, finished);
    const composition = await screen.findByRole('region', { name: 'Label composition' });
    await fireEvent.click(within(composition).getByRole('button', { name: 'Monocyte' }));
    expect(screen.getByRole('img', { name: 'Cells shown as Monocyte' })).toBeTruthy();
    await waitFor(() => expect(askedOf(services, 'run:labels').at(-1)).toMatchObject({ label: 'Monocyte' }));
    await fireEvent.click(screen.getByRole('tab', { name: /Cells/ }));
    const table = await screen.findByRole('table', { name: 'Labels of the query cells' });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.textContent).toContain('Monocyte');
  });

  test('fetches rows of the table of cells as they come into view', async () => {
    const services = renderApp(address, finished);
    await fireEvent.click(await screen.findByRole('tab', { name: /Cells/ }));
    const card = screen.getByRole('region', { name: 'Labels of the query cells' });
    expect(await within(card).findByText('900 cells of 900.')).toBeTruthy();
    expect(within(card).getByText('cell-1')).toBeTruthy();
    expect(within(card).queryByText('cell-651')).toBeNull();
    expect(within(card).getByRole('table').getAttribute('aria-rowcount')).toBe('901');
    const box = within(card).getByRole('group', { name: 'Labels of the query cells' });
    box.scrollTop = 650 * 33.6;
    await fireEvent.scroll(box);
    expect(await within(card).findByText('cell-651')).toBeTruthy();
    expect(askedOf(services, 'run:labels')).toEqual([
      expect.objectContaining({ offset: 0, limit: 100 }),
      expect.objectContaining({ offset: 600, limit: 100 }),
    ]);
  });

  test('exports at the threshold that is set and says what was written', async () => {
    const services = renderApp(address, {
      ...finished,
      'run:export': ({ directory }) =>
        Promise.resolve({
          directory,
          files: [`${directory}/labels.csv`, `${directory}/figures/umap.svg`],
          omitted: [{ name: 'query.annotated.h5ad', reason: 'the query is a CSV' }],
        }),
    });
    const card = await screen.findByRole('region', { name: 'Confidence and Unknown' });
    await fireEvent.input(within(card).getByRole('slider', { name: 'Unknown threshold' }), {
      target: { value: '0.5' },
    });
    await fireEvent.click(screen.getByRole('button', { name: /^Export/ }));
    const dialog = await screen.findByRole('dialog', { name: 'Export the result' });
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Write the files' }));
    expect(await within(dialog).findByText('2 files written into /projects/Trial results')).toBeTruthy();
    expect(within(dialog).getByText('labels.csv')).toBeTruthy();
    expect(within(dialog).getByText('figures/umap.svg')).toBeTruthy();
    expect(within(dialog).getByText(/query.annotated.h5ad was not written: the query is a CSV/)).toBeTruthy();
    expect(askedOf(services, 'run:export')).toEqual([
      { projectPath, runId: 'run-1', directory: '/projects/Trial results', threshold: 0.5 },
    ]);
  });
});

describe('what is shown', () => {
  test('a cell at the threshold is Unknown, one above it is not, an empty one always is', () => {
    const three = {
      query: {
        ...result.query,
        predicted: Int32Array.of(2, 1, 0),
        confidence: Float32Array.of(0.5, 0.75, 1),
        empty: Int32Array.of(2),
      },
    };
    expect([...shownLabels(three, 0.5)]).toEqual([-1, 1, -1]);
    expect([...shownLabels(three, 0)]).toEqual([2, 1, -1]);
  });

  test('the map names every label it colours with its number of cells, and nothing is left out', () => {
    const figure = embeddingFigure(result, layoutOf(result)!, {
      colouring: 'label',
      shown: shownLabels(result, 0.95),
      focus: null,
      withReference: false,
    });
    if (figure.colouring.kind !== 'categories') throw new Error('the map by label is coloured by names');
    expect(figure.colouring.entries.reduce((sum, entry) => sum + entry.cells!, 0)).toBe(900);
    expect(figure.colouring.entries.find((entry) => entry.name === 'Unknown')!.cells).toBe(900 - accepted(0.95));
  });

  test('both studies lie on one map, reference first', () => {
    const layout = layoutOf(result)!;
    expect(layout.values.slice(0, 2)).toEqual(result.reference.layout!.slice(0, 2));
    expect(layout.values.slice(1800, 1802)).toEqual(result.query.layout!.slice(0, 2));
    expect(layoutOf({ ...result, query: { ...result.query, layout: null } })).toBeNull();
  });
});
