import type { RunResult } from '#contract/run-result';
import { UNKNOWN } from '#core/data/label-transfer';
import type { ViolinFigure } from '#core/figures/figure-data';
import { violinFigure } from '#core/figures/violin-figure';
import type { FeatureColumn } from '../../state/map-state.svelte.ts';
import { resultColours } from './result-colours.ts';

/** Cells that violins are drawn from; of more an even sample is. */
const MOST = 40_000;

/** How the values of one feature are spread over the labels shown now, `Unknown` last. @param shown [query cells] −1 is Unknown */
export function markerViolins(result: RunResult, column: FeatureColumn, shown: Int32Array): ViolinFigure {
  const step = Math.max(1, Math.ceil(shown.length / MOST));
  const cells = Array.from({ length: Math.ceil(shown.length / step) }, (_, i) => i * step);
  const names = [...result.labels, UNKNOWN];
  const colours = resultColours(result);
  const drawn = violinFigure({
    features: [{ feature: column.feature, column: 0, label: 0 }],
    values: { columns: [Float32Array.from(cells, (cell) => column.values[cell]!)], title: column.title },
    label: Int32Array.from(cells, (cell) => (shown[cell]! < 0 ? names.length - 1 : shown[cell]!)),
    labels: names.map((name) => ({ name, colour: colours.get(name)!, cells: null })),
  });
  const sampled = step === 1 ? [] : [`Drawn from every ${step}th cell.`];
  return {
    ...drawn,
    id: 'feature-by-label',
    title: `${column.feature} by label`,
    groupTitle: 'Label shown',
    panels: drawn.panels.map((panel) => ({ ...panel, title: '' })), // the card names the feature
    footnotes: [
      'Width: Gaussian kernel density (Silverman), scaled to the widest; bar: quartiles; dot: median.',
      ...sampled,
    ],
  };
}
