import { KEPT } from './strongest-per-cell.ts';

/** A feature over some cells. */
export interface ExplainedFeature {
  readonly feature: number;
  /** Mean over the cells; 0 counts for a cell that does not have it among its strongest. */
  readonly meanAttribution: number;
  /** Share of the cells that have it among their strongest, 0…1. */
  readonly fraction: number;
}

/**
 * What spoke for and against the label of some cells together: of the strongest features of each, the `most` of largest
 * mean attribution and those of smallest. Of equal ones the earlier feature comes first.
 *
 * @param strongest rows of `strongestPerCell` for these cells: [cells, KEPT, 2] row by row
 */
export function explainCells(
  strongest: Float32Array,
  most: number,
): { readonly supporting: readonly ExplainedFeature[]; readonly contradicting: readonly ExplainedFeature[] } {
  const cells = strongest.length / (2 * KEPT);
  const tally = new Map<number, { sum: number; cells: number }>();
  for (let pair = 0; pair < cells * KEPT; pair++) {
    const feature = strongest[2 * pair]!;
    if (feature < 0) continue;
    const own = tally.get(feature) ?? { sum: 0, cells: 0 };
    own.sum += strongest[2 * pair + 1]!;
    own.cells++;
    tally.set(feature, own);
  }
  const features = [...tally].map(([feature, own]) => ({
    feature,
    meanAttribution: own.sum / cells,
    fraction: own.cells / cells,
  }));
  const rising = features.sort((a, b) => a.meanAttribution - b.meanAttribution || a.feature - b.feature);
  return {
    supporting: rising
      .filter((one) => one.meanAttribution > 0)
      .toSorted((a, b) => b.meanAttribution - a.meanAttribution || a.feature - b.feature)
      .slice(0, most),
    contradicting: rising.filter((one) => one.meanAttribution < 0).slice(0, most),
  };
}

/**
 * The `k` nearest rows of a table for one row, nearest first, by Euclidean distance; of equal distances the earlier row.
 * @param table [rows, width] row by row  @param row [width]
 */
export function nearestRows(table: Float32Array, width: number, row: ArrayLike<number>, k: number): Int32Array {
  const rows = table.length / width;
  const size = Math.min(k, rows);
  const found = new Int32Array(size);
  const apart = new Float64Array(size).fill(Infinity);
  for (let other = 0; other < rows; other++) {
    let sum = 0;
    for (let j = 0; j < width; j++) {
      const difference = table[other * width + j]! - row[j]!;
      sum += difference * difference;
    }
    if (!(sum < apart[size - 1]!)) continue;
    let place = size - 1;
    while (place > 0 && apart[place - 1]! > sum) {
      apart[place] = apart[place - 1]!;
      found[place] = found[place - 1]!;
      place--;
    }
    apart[place] = sum;
    found[place] = other;
  }
  return found;
}
