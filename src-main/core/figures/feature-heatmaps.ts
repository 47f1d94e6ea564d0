import type { HeatmapFigure, LegendEntry } from './figure-data.ts';
import type { ChosenFeature } from './chosen-features.ts';
import type { FeatureValues } from './feature-values.ts';
import { countText } from './number-text.ts';

interface HeatmapInput {
  readonly features: readonly ChosenFeature[];
  readonly values: FeatureValues;
  /** [cells] number of the label each cell is grouped under. */
  readonly label: ArrayLike<number>;
  readonly labels: readonly LegendEntry[];
}

const mostColumns = 240;
const grouped = 'Cells are grouped by their most probable label, whatever its confidence.';

/** Mean z-score (over all query cells) of each determinant feature in each label that has cells. */
export function labelHeatmap(input: HeatmapInput): HeatmapFigure {
  const groups = cellsByLabel(input);
  const columns = groups.filter(({ cells }) => cells.length > 0);
  return {
    ...common(
      input,
      columns.map(({ cells }) => cells),
    ),
    id: 'features-by-label',
    title: 'Determinant features by predicted label',
    footnotes: [`z-score over all query cells, mean per label. ${grouped}`],
    columnTitle: 'Predicted label',
    columns: columns.map(({ label, cells }) => ({
      name: `${input.labels[label]!.name} (${countText(cells.length)})`,
      group: label,
    })),
    columnNames: true,
  };
}

/** Mean z-score of each determinant feature in blocks of cells of one label, at most 240 columns, at least one per label. */
export function cellHeatmap(input: HeatmapInput): HeatmapFigure {
  const groups = cellsByLabel(input).filter(({ cells }) => cells.length > 0);
  const total = groups.reduce((sum, { cells }) => sum + cells.length, 0);
  const blockSize = Math.max(1, Math.ceil(total / (mostColumns - groups.length)));
  const blocks = groups.flatMap(({ label, cells }) => {
    const count = Math.ceil(cells.length / blockSize);
    return Array.from({ length: count }, (_, block) => ({
      label,
      cells: cells.slice(Math.round((block * cells.length) / count), Math.round(((block + 1) * cells.length) / count)),
    }));
  });
  return {
    ...common(
      input,
      blocks.map(({ cells }) => cells),
    ),
    id: 'features-by-cell',
    title: 'Determinant features in the query cells',
    footnotes: [
      `z-score over all ${countText(total)} query cells` +
        (blockSize === 1 ? '.' : `; each column is the mean of up to ${countText(blockSize)} cells of one label.`) +
        ` ${grouped}`,
    ],
    columnTitle: 'Query cells by predicted label',
    columns: blocks.map(({ label }) => ({ name: input.labels[label]!.name, group: label })),
    columnNames: false,
  };
}

function common({ features, values, labels }: HeatmapInput, columns: readonly (readonly number[])[]) {
  const means = features.map((_, row) => blockMeans(values.columns[row]!, columns));
  return {
    kind: 'heatmap' as const,
    rowTitle: 'Determinant feature',
    rows: features.map(({ feature, label }) => ({ name: feature, group: label })),
    rowNames: features.length <= 80,
    // + 0 turns the −0 that rounding gives into 0, which JSON keeps.
    values: means.flat().map((value) => (value === null ? null : Math.round(value * 1000) / 1000 + 0)),
    valueTitle: `z-score of ${values.title}`,
    valueFormat: 'number' as const,
    range: symmetricRange(means.flat()),
    scale: 'diverging' as const,
    texts: null,
    groups: labels,
    groupTitle: 'Label',
  };
}

/** Labels by number with the places of their cells, rising. */
export function cellsByLabel({
  label,
  labels,
}: Pick<HeatmapInput, 'label' | 'labels'>): { label: number; cells: number[] }[] {
  const groups = labels.map((_, number) => ({ label: number, cells: [] as number[] }));
  for (let cell = 0; cell < label.length; cell++) groups[label[cell]!]!.cells.push(cell);
  return groups;
}

/** Mean of the z-scores of one feature in each block; null for a feature that is the same in all cells. */
export function blockMeans(column: Float32Array, blocks: readonly (readonly number[])[]): (number | null)[] {
  let sum = 0;
  let squares = 0;
  for (const value of column) {
    sum += value;
    squares += value * value;
  }
  const n = column.length;
  const mean = sum / n;
  const deviation = n < 2 ? 0 : Math.sqrt(Math.max(0, squares - sum * mean) / (n - 1));
  if (deviation === 0) return blocks.map(() => null);
  return blocks.map(
    (cells) => (cells.reduce((total, cell) => total + column[cell]!, 0) / cells.length - mean) / deviation,
  );
}

/** −r … r that holds 98 % of the values, rounded up to halves; a few extremes would leave the rest pale. */
export function symmetricRange(values: readonly (number | null)[]): readonly [number, number] {
  const sizes = values.flatMap((value) => (value === null ? [] : [Math.abs(value)])).sort((a, b) => a - b);
  const largest = sizes[Math.floor((sizes.length - 1) * 0.98)] ?? 1;
  const r = Math.max(0.5, Math.ceil(largest * 2) / 2);
  return [-r, r];
}
