import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { figureSvg } from '#charts/figure-svg';
import { figureCsv } from '#core/figures/figure-table';
import { figuresOf } from '#core/figures/figures-of';
import { figureInputs } from '#test/support/figure-inputs';
import FigureSaving from '../../src-renderer/features/results/FigureSaving.svelte';

afterEach(() => vi.restoreAllMocks());

test('a figure is saved as the drawing and the numbers that the export writes', async () => {
  const figure = (await figuresOf(figureInputs())).find(({ id }) => id === 'label-graph')!;
  const blobs: Blob[] = [];
  const names: string[] = [];
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null); // jsdom draws nothing and would say so each time
  vi.stubGlobal(
    'URL',
    Object.assign(URL, {
      createObjectURL: (blob: Blob) => `blob:${blobs.push(blob)}`,
      revokeObjectURL: () => undefined,
    }),
  );
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download);
  });
  render(FigureSaving, { figure });
  await fireEvent.click(screen.getByRole('button', { name: /as SVG/ }));
  await waitFor(() => expect(names).toEqual(['label-graph.svg']));
  await fireEvent.click(screen.getByRole('button', { name: /as CSV/ }));
  await waitFor(() => expect(names).toEqual(['label-graph.svg', 'label-graph.csv']));
  expect(await blobs[0]!.text()).toBe(figureSvg(figure));
  expect(await blobs[1]!.text()).toBe(figureCsv(figure));
});
