import type { ChosenFeature } from './chosen-features.ts';
import type { FeatureValues } from './feature-values.ts';
import type { LegendEntry, ViolinFigure, ViolinShape } from './figure-data.ts';
import { kernelDensity, quantile } from './kernel-density.ts';
import { cellsText } from './number-text.ts';

/** Distribution of each feature's values in every label that has cells, one panel per feature. */
export function violinFigure(input: {
  readonly features: readonly ChosenFeature[];
  readonly values: FeatureValues;
  /** [cells] number of the label each cell is grouped under. */
  readonly label: ArrayLike<number>;
  readonly labels: readonly LegendEntry[];
}): ViolinFigure {
  const { features, values, label, labels } = input;
  const cells: number[][] = labels.map(() => []);
  for (let cell = 0; cell < label.length; cell++) cells[label[cell]!]!.push(cell);
  const shown = labels.flatMap((_, number) => (cells[number]!.length > 0 ? [number] : []));
  return {
    kind: 'violins',
    id: 'features-violins',
    title: 'Leading determinant feature of each label',
    footnotes: [
      `${cellsText(label.length)} of the query, grouped by their most probable label. ` +
        'Width: Gaussian kernel density (Silverman), scaled within a panel; bar: quartiles; dot: median.',
    ],
    groupTitle: 'Predicted label',
    value: { title: values.title, unit: null, format: 'number' },
    groups: shown.map((number) => ({ ...labels[number]!, cells: cells[number]!.length })),
    panels: features.map(({ feature }, row) => ({
      title: feature,
      violins: violins(shown.map((number) => cells[number]!.map((cell) => values.columns[row]![cell]!))),
    })),
  };
}

/**
 * Outlines of groups of values, the widest of all 1; null for a group without values.
 *
 * @param digits decimals that values are written with
 */
export function violins(groups: readonly (readonly number[])[], digits = 3): (ViolinShape | null)[] {
  const shapes = groups.map((values) => (values.length === 0 ? null : shape(values, digits)));
  const widest = Math.max(...shapes.map((one) => (one === null ? 0 : Math.max(...one.width))));
  return shapes.map(
    (one) => one && { ...one, width: one.width.map((width) => Math.round((1000 * width) / widest) / 1000) },
  );
}

/** The outline ends at the smallest and the largest value: a violin shows no value that does not occur. */
function shape(values: readonly number[], digits: number): ViolinShape {
  const rounded = (value: number): number => Math.round(value * 10 ** digits) / 10 ** digits + 0; // + 0 turns −0 into 0
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[0]!;
  const high = sorted.at(-1)!;
  const quartiles = [0.25, 0.5, 0.75].map((share) => rounded(quantile(sorted, share)));
  const { at, density } =
    high > low ? kernelDensity(values, [low, high], 60) : { at: [low - 0.02, low, low + 0.02], density: [0, 1, 0] };
  return {
    at: at.map(rounded),
    width: density,
    quartiles: [quartiles[0]!, quartiles[1]!, quartiles[2]!],
    mean: rounded(values.reduce((sum, value) => sum + value, 0) / values.length),
    cells: values.length,
  };
}
