import type { PatternDetails } from '../data/label-patterns.ts';
import type { LegendEntry, ViolinFigure } from './figure-data.ts';
import { cellsText, countText } from './number-text.ts';
import { violins } from './violin-figure.ts';

/** Panels a page holds, and points drawn in a violin. */
const [MOST_PANELS, POINTS] = [8, 40];

/**
 * How much the cells of each label attend to the gene set that marks a label most, one panel per set, labels with most cells
 * first. Values are shares of a cell's attention in ‰. Null where there are none.
 */
export function pathwayViolins(input: {
  readonly attention: PatternDetails['attention'];
  /** [cells] number of the label each cell is grouped under. */
  readonly label: ArrayLike<number>;
  readonly labels: readonly LegendEntry[];
}): ViolinFigure | null {
  const { attention, label, labels } = input;
  const cells: number[][] = labels.map(() => []);
  for (let cell = 0; cell < label.length; cell++) cells[label[cell]!]!.push(cell);
  const groups = labels.flatMap((_, number) => (cells[number]!.length > 0 ? [number] : []));
  if (attention.length === 0 || groups.length === 0) return null;
  const sizeOf = (name: string): number => cells[labels.findIndex((entry) => entry.name === name)]?.length ?? 0;
  const shown = attention.toSorted((a, b) => sizeOf(b.label) - sizeOf(a.label)).slice(0, MOST_PANELS);
  return {
    kind: 'violins',
    id: 'pathway-violins',
    title: 'Attention to the gene set that marks each label most',
    footnotes: [
      `${cellsText(label.length)} of the query, grouped by their most probable label; a label may be marked by less attention as ` +
        `well as by more. Width: Gaussian kernel density (Silverman), scaled within a panel; bar: quartiles; dot: median; ` +
        `points: up to ${POINTS} cells of each label, evenly spaced by their value.` +
        (attention.length > MOST_PANELS
          ? ` ${MOST_PANELS} of ${countText(attention.length)} sets, of the labels with most cells.`
          : ''),
    ],
    groupTitle: 'Predicted label',
    value: { title: 'Share of attention', unit: '‰', format: 'number' },
    groups: groups.map((number) => ({ ...labels[number]!, cells: cells[number]!.length })),
    fromLowest: true,
    panels: shown.map((one) => {
      const values = groups.map((number) => cells[number]!.map((cell) => 1000 * one.cells[cell]!));
      return {
        title: `${one.set} (marks ${one.label})`,
        violins: violins(values, 4).map((violin, i) => violin && { ...violin, points: spacedValues(values[i]!) }),
      };
    }),
  };
}

/** At most `POINTS` of the values, those at equal steps of their order. */
function spacedValues(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const count = Math.min(POINTS, sorted.length);
  return Array.from({ length: count }, (_, i) => {
    const value = sorted[Math.floor(((i + 0.5) * sorted.length) / count)]!;
    return Math.round(value * 1e4) / 1e4;
  });
}
