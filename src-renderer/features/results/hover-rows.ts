import type { RunResult } from '#contract/run-result';
import type { FeatureColumn, StudyColumn } from '../../state/map-state.svelte.ts';
import { count, percent } from '../../ui/format.ts';
import { columnText } from './column-colouring.ts';

export interface HoverText {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
}

/** What is said of a reference cell under the pointer. */
export function referenceHover(
  { labels, reference }: RunResult,
  cell: number,
  column: StudyColumn | null = null,
): HoverText {
  const text = columnText(column?.reference ?? null, cell);
  return {
    title: 'Reference cell',
    rows: [['Label', labels[reference.label[cell]!]!], ...(text === null ? [] : [[column!.column, text] as const])],
  };
}

/**
 * What is said of a query cell under the pointer.
 *
 * @param id as in the file; null as long as it is not known
 * @param label number of the label shown; −1 is Unknown
 * @param feature by which the map is coloured; null for none
 * @param column by which the map is coloured; null for none
 */
export function queryHover(
  { labels, query }: RunResult,
  cell: number,
  {
    id,
    label,
    feature,
    column = null,
  }: {
    readonly id: string | null;
    readonly label: number;
    readonly feature: FeatureColumn | null;
    readonly column?: StudyColumn | null;
  },
): HoverText {
  const rows: [string, string][] = [
    ['Label', label < 0 ? `Unknown (${labels[query.predicted[cell]!]!})` : labels[label]!],
    ['Confidence', percent(query.confidence[cell]!)],
  ];
  if (query.truth !== null) rows.push(['Own label', query.truth.categories[query.truth.codes[cell]!] ?? '–']);
  if (feature !== null) rows.push([feature.feature, feature.values[cell]!.toPrecision(3)]);
  const text = columnText(column?.query ?? null, cell);
  if (text !== null) rows.push([column!.column, text]);
  return { title: id ?? `Query cell ${count(cell + 1)}`, rows };
}
