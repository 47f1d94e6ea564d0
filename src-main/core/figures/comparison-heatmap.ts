import type { ChosenFeature } from './chosen-features.ts';
import type { FeatureValues } from './feature-values.ts';
import { blockMeans, cellsByLabel, symmetricRange } from './feature-heatmaps.ts';
import type { HeatmapFigure, LegendEntry } from './figure-data.ts';
import { countText } from './number-text.ts';

/** The values of some features in the cells of one study. */
interface StudyValues {
  readonly values: FeatureValues;
  /** [cells] number of the label each cell is grouped under. */
  readonly label: ArrayLike<number>;
}

/**
 * The same features in the labels of the reference and in the predicted labels of the query, side by side: mean z-score, each study by
 * itself, so that other depths and technologies do not show, but other patterns do. After SemiLT, figure 5B.
 * Null where one side has no cells, or there are no features.
 */
export function comparisonHeatmap(input: {
  readonly called: string;
  readonly features: readonly ChosenFeature[];
  readonly reference: StudyValues;
  readonly query: StudyValues;
  readonly labels: readonly LegendEntry[];
}): HeatmapFigure | null {
  const { features, labels, called } = input;
  const sides = [input.reference, input.query].map(({ values, label }) => {
    const groups = cellsByLabel({ label, labels }).filter(({ cells }) => cells.length > 0);
    const blocks = groups.map(({ cells }) => cells);
    return { groups, means: features.map((_, row) => blockMeans(values.columns[row]!, blocks)) };
  });
  const [reference, query] = [sides[0]!, sides[1]!];
  if (features.length === 0 || sides.some(({ groups }) => groups.length === 0)) return null;
  const values = features.flatMap((_, row) => [...reference.means[row]!, ...query.means[row]!]);
  return {
    kind: 'heatmap',
    id: 'features-reference-query',
    title: `${capital(called)}s in the reference and in the query`,
    footnotes: [
      `Mean z-score of ${valuesText(input.reference.values.title, input.query.values.title)}, ` +
        'over all cells of each study by itself. Query cells are grouped by their most probable label, whatever its confidence.',
    ],
    rowTitle: capital(called),
    columnTitle: 'Label',
    rows: features.map(({ feature, label }) => ({ name: feature, group: label })),
    columns: sides.flatMap(({ groups }) =>
      groups.map(({ label, cells }) => ({ name: `${labels[label]!.name} (${countText(cells.length)})`, group: label })),
    ),
    columnNames: true,
    rowNames: features.length <= 70,
    values: values.map((value) => (value === null ? null : Math.round(value * 1000) / 1000 + 0)), // + 0: no −0 in JSON
    valueTitle: 'Mean z-score',
    valueFormat: 'number',
    range: symmetricRange(values),
    scale: 'diverging',
    texts: null,
    groups: labels,
    groupTitle: 'Label',
    panels: [
      { title: 'Reference, by its labels', columns: reference.groups.length },
      { title: 'Query, by predicted label', columns: query.groups.length },
    ],
  };
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function valuesText(reference: string, query: string): string {
  return reference === query ? query : `${reference} (reference) and ${query} (query)`;
}
