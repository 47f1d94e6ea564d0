import type { ChosenFeature } from './chosen-features.ts';
import type { FeatureValues } from './feature-values.ts';
import type { DotFigure, LegendEntry } from './figure-data.ts';
import { cellsText, countText } from './number-text.ts';

/** Mean value (colour) and share of cells above zero (area) of determinant features in each label that has cells. */
export function dotFigure(input: {
  readonly features: readonly ChosenFeature[];
  readonly values: FeatureValues;
  /** [cells] number of the label each cell is grouped under. */
  readonly label: ArrayLike<number>;
  readonly labels: readonly LegendEntry[];
}): DotFigure {
  const { features, values, label, labels } = input;
  const cells = new Float64Array(labels.length);
  for (let cell = 0; cell < label.length; cell++) cells[label[cell]!]!++;
  const shown = labels.flatMap((_, number) => (cells[number]! > 0 ? [number] : []));
  const means: number[] = [];
  const fractions: number[] = [];
  features.forEach((_, row) => {
    const column = values.columns[row]!;
    const sums = new Float64Array(labels.length);
    const above = new Float64Array(labels.length);
    for (let cell = 0; cell < column.length; cell++) {
      sums[label[cell]!]! += column[cell]!;
      if (column[cell]! > 0) above[label[cell]!]!++;
    }
    for (const number of shown) {
      means.push(Math.round((sums[number]! / cells[number]!) * 1000) / 1000 + 0); // + 0: no −0, which JSON loses
      fractions.push(Math.round((above[number]! / cells[number]!) * 1000) / 1000);
    }
  });
  const smallest = means.reduce((a, b) => Math.min(a, b), 0);
  const largest = means.reduce((a, b) => Math.max(a, b), 0);
  return {
    kind: 'dots',
    id: 'features-dots',
    title: 'Determinant features: level and detection',
    footnotes: [
      `${cellsText(label.length)} of the query, grouped by their most probable label, whatever its confidence.`,
    ],
    rowTitle: 'Determinant feature',
    columnTitle: 'Predicted label',
    rows: features.map(({ feature, label: own }) => ({ name: feature, group: own })),
    columns: shown.map((number) => `${labels[number]!.name} (${countText(cells[number]!)})`),
    means,
    fractions,
    meanTitle: `mean ${values.title}`,
    meanRange: [Math.min(0, Math.floor(2 * smallest) / 2), Math.max(0.5, Math.ceil(2 * largest) / 2)],
    fractionTitle: 'cells above zero',
    groups: labels,
    groupTitle: 'Label',
  };
}
