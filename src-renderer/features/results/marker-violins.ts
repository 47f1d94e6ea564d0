import type { RunResult } from '#contract/run-result';
import { UNKNOWN } from '#core/data/label-transfer';
import type { ViolinFigure } from '#core/figures/figure-data';
import { neutralColour } from '#core/figures/label-colours';
import { violinFigure } from '#core/figures/violin-figure';
import type { FeatureColumn } from '../../state/map-state.svelte.ts';
import { resultColours } from './result-colours.ts';

/** Cells that violins are drawn from; of more an even sample is. */
const MOST = 40_000;

/** Name of the violin of the selected cells. */
export const SELECTED = 'Selected cells';

/**
 * How the values of one feature are spread over the labels shown now, `Unknown` last; then over the selected cells, which
 * count under their label as well.
 *
 * @param shown [query cells] −1 is Unknown
 * @param selected places of selected query cells, rising; none for no such violin
 */
export function markerViolins(
  result: RunResult,
  column: FeatureColumn,
  shown: Int32Array,
  selected: Uint32Array = new Uint32Array(),
): ViolinFigure {
  const [step, stepOfSelected] = [shown.length, selected.length].map((all) => Math.max(1, Math.ceil(all / MOST)));
  const cells = Array.from({ length: Math.ceil(shown.length / step!) }, (_, i) => i * step!);
  const picked = Array.from(selected).filter((_, i) => i % stepOfSelected! === 0);
  const names = [...result.labels, UNKNOWN, SELECTED];
  const [unknown, chosen] = [names.length - 2, names.length - 1];
  const colours = new Map(resultColours(result)).set(SELECTED, neutralColour);
  const drawn = violinFigure({
    features: [{ feature: column.feature, column: 0, label: 0 }],
    values: {
      columns: [Float32Array.from([...cells, ...picked], (cell) => column.values[cell]!)],
      title: column.title,
    },
    label: [...cells.map((cell) => (shown[cell]! < 0 ? unknown : shown[cell]!)), ...picked.map(() => chosen)],
    labels: names.map((name) => ({ name, colour: colours.get(name)!, cells: null })),
  });
  const sampled = step === 1 ? [] : [`Drawn from every ${step}th cell.`];
  if (stepOfSelected! > 1) sampled.push(`Of the selected cells, every ${stepOfSelected}th.`);
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
