import type { LabelPage } from '#contract/run-result';
import type { ParsedArgs } from '#contract/requests';
import { labelRows, type RunTable, shownLabel } from './run-table.ts';

type Arguments = ParsedArgs<'run:labels'>;
type Order = Pick<Arguments, 'sort' | 'label'> & { readonly threshold: number };

/** Some rows of the table of query cells, filtered and sorted; ties stay in the order of the file. */
export function labelPage(table: RunTable, page: Omit<Arguments, 'projectPath' | 'runId'>): LabelPage {
  const threshold = page.threshold ?? table.summary.threshold;
  const places = orderOf(table, { sort: page.sort, label: page.label, threshold });
  const rows = labelRows(table, [...places.subarray(page.offset, page.offset + page.limit)], threshold);
  return { total: places.length, rows };
}

/** The latest order of each table: who scrolls asks for the same one again and again. */
const latest = new WeakMap<RunTable, { readonly key: string; readonly places: Int32Array }>();

function orderOf(table: RunTable, order: Order): Int32Array {
  const key = JSON.stringify([order.sort, order.label ?? null, order.threshold]);
  const known = latest.get(table);
  if (known?.key === key) return known.places;
  const places = placesInOrder(table, order);
  latest.set(table, { key, places });
  return places;
}

/** Places of the query cells in an order, of one label only where one is named. */
function placesInOrder(table: RunTable, { sort, label, threshold }: Order): Int32Array {
  const shown = (cell: number): string => shownLabel(table, cell, threshold);
  let places = Int32Array.from(table.predicted.keys());
  if (label !== undefined) places = places.filter((cell) => shown(cell) === label);
  const order = cellOrders[sort];
  return order === null ? places : places.sort((a, b) => order(table, shown, a, b) || a - b);
}

type CellOrder = (table: RunTable, shown: (cell: number) => string, a: number, b: number) => number;
const cellOrders: Readonly<Record<Arguments['sort'], CellOrder | null>> = {
  file: null,
  'confidence-falling': ({ confidence }, _, a, b) => confidence[b]! - confidence[a]!,
  'confidence-rising': ({ confidence }, _, a, b) => confidence[a]! - confidence[b]!,
  label: (_, shown, a, b) => (shown(a) < shown(b) ? -1 : shown(a) > shown(b) ? 1 : 0),
};
