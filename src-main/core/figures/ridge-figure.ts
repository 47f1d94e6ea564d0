import type { ChosenFeature } from './chosen-features.ts';
import type { FeatureValues } from './feature-values.ts';
import type { LegendEntry, RidgeFigure } from './figure-data.ts';
import { kernelDensity, quantile } from './kernel-density.ts';
import { cellsText } from './number-text.ts';

/** Hills of each feature's values in every label that has cells, one panel per feature. Null where nothing is there to draw. */
export function ridgeFigure(input: {
  readonly title: string;
  readonly features: readonly ChosenFeature[];
  readonly values: FeatureValues;
  /** [cells] number of the label each cell is grouped under. */
  readonly label: ArrayLike<number>;
  readonly labels: readonly LegendEntry[];
}): RidgeFigure | null {
  const { title, features, values, label, labels } = input;
  const cells: number[][] = labels.map(() => []);
  for (let cell = 0; cell < label.length; cell++) cells[label[cell]!]!.push(cell);
  const groups = labels.flatMap((_, number) => (cells[number]!.length > 0 ? [number] : []));
  const panels = features.flatMap(({ feature }, i) => {
    const column = values.columns[i]!;
    const range = extent(column);
    if (range === null) return [];
    const shapes = groups.map((number) =>
      hill(
        cells[number]!.map((cell) => column[cell]!),
        range,
      ),
    );
    const highest = Math.max(...shapes.flatMap(({ height }) => height));
    return [
      {
        title: feature,
        range,
        ridges: shapes.map((one) => ({
          ...one,
          height: one.height.map((h) => Math.round((1000 * h) / highest) / 1000),
        })),
      },
    ];
  });
  if (panels.length === 0 || groups.length === 0) return null;
  return {
    kind: 'ridges',
    id: 'features-ridges',
    title,
    footnotes: [
      `${cellsText(label.length)} of the query, grouped by their most probable label. Height: Gaussian kernel density (Silverman) ` +
        'of each label, so that every hill has the same area, on one scale within a panel; line: median.',
    ],
    groupTitle: 'Predicted label',
    value: { title: values.title, unit: null, format: 'number' },
    groups: groups.map((number) => ({ ...labels[number]!, cells: cells[number]!.length })),
    panels,
  };
}

/** Lowest and highest value, the lowest not above 0; null where all values are equal. */
function extent(column: Float32Array): readonly [number, number] | null {
  let low = 0;
  let high = -Infinity;
  for (const value of column) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high > low ? [low, high] : null;
}

function hill(values: readonly number[], range: readonly [number, number]) {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    height: kernelDensity(values, range, 100).density,
    median: Math.round(1000 * quantile(sorted, 0.5)) / 1000 + 0,
    cells: values.length,
  };
}
