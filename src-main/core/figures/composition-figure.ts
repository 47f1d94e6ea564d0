import { UNKNOWN } from '../data/label-transfer.ts';
import type { BarFigure } from './figure-data.ts';
import { queryColour, referenceColour, trueColour } from './label-colours.ts';
import { cellsText, countText, percentText } from './number-text.ts';

/**
 * Share of each label among the cells of the reference, of the query as shown, and of the query's truth where known.
 * Labels by falling share of the reference, then novel ones, "Unknown" last.
 *
 * @param reference [reference cells] labels
 * @param shown [query cells] labels, "Unknown" under the threshold
 * @param truth [query cells] or null
 */
export function compositionFigure(options: {
  readonly reference: readonly string[];
  readonly shown: readonly string[];
  readonly truth: readonly (string | null)[] | null;
  readonly threshold: number;
}): BarFigure {
  const { reference, shown, threshold } = options;
  const known = options.truth?.filter((label) => label !== null) ?? [];
  const series = [
    { name: `Reference (${cellsText(reference.length)})`, colour: referenceColour, labels: reference },
    { name: `Query, predicted (${cellsText(shown.length)})`, colour: queryColour, labels: shown },
    ...(known.length > 0
      ? [{ name: `Query, true (${cellsText(known.length)})`, colour: trueColour, labels: known }]
      : []),
  ].map((one) => ({ ...one, counts: countsOf(one.labels) }));
  const inReference = series[0]!.counts;
  const categories = [...new Set(series.flatMap(({ counts }) => [...counts.keys()]))].sort(
    (a, b) =>
      Number(a === UNKNOWN) - Number(b === UNKNOWN) ||
      (inReference.get(b) ?? 0) - (inReference.get(a) ?? 0) ||
      (a < b ? -1 : 1),
  );
  return {
    kind: 'bars',
    id: 'label-composition',
    title: 'Label composition of reference and query',
    footnotes: [
      `Query cells whose confidence does not exceed ${threshold} are shown as Unknown.`,
      ...(options.truth !== null && known.length < options.truth.length
        ? [`The true label is known for ${countText(known.length)} of ${cellsText(options.truth.length)}.`]
        : []),
    ],
    categories,
    categoryTitle: 'Label',
    value: { title: 'Share of cells', unit: '%', format: 'fraction' },
    legendTitle: 'Cells of',
    series: series.map(({ name, colour, labels, counts }) => {
      // Only predictions can be Unknown; a bar of 0 % for the others would say nothing.
      const applies = (label: string): boolean => labels.length > 0 && (label !== UNKNOWN || labels === shown);
      return {
        name,
        colour,
        values: categories.map((label) => (applies(label) ? (counts.get(label) ?? 0) / labels.length : null)),
        texts: categories.map((label) => {
          const cells = counts.get(label) ?? 0;
          return applies(label) ? `${percentText(cells / labels.length)} (${countText(cells)})` : '';
        }),
      };
    }),
  };
}

function countsOf(labels: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
