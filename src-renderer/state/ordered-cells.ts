import { UNKNOWN } from '#core/data/label-transfer';
import type { SortOrder } from './result-view.svelte.ts';

/** Places of cells in an order of the table, as the services order all of them: ties stay in the order of the file. */
export function orderedCells(
  cells: readonly number[],
  order: SortOrder,
  by: {
    /** [query cells] */
    readonly confidence: Float32Array;
    /** [query cells] number of the label shown; −1 is Unknown. */
    readonly shown: Int32Array;
    readonly labels: readonly string[];
  },
): number[] {
  const name = (cell: number): string => (by.shown[cell]! < 0 ? UNKNOWN : by.labels[by.shown[cell]!]!);
  const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  switch (order) {
    case 'file':
      return cells.toSorted((a, b) => a - b);
    case 'confidence-falling':
      return cells.toSorted((a, b) => by.confidence[b]! - by.confidence[a]! || a - b);
    case 'confidence-rising':
      return cells.toSorted((a, b) => by.confidence[a]! - by.confidence[b]! || a - b);
    case 'label':
      return cells.toSorted((a, b) => before(name(a), name(b)) || a - b);
  }
}
