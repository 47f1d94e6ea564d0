import type { HeatmapTile, LabelMeans } from '#contract/result-data';
import type { ProjectReader } from '#store/project';
import type { ColumnCache } from './column-cache.ts';
import { type FeatureColumns, placeOf } from './feature-columns.ts';

/** Columns of a tile. */
export const TILE = 512;

/**
 * The order of the cells along a heatmap: by most probable label, within a label by falling confidence, then by place.
 * @param labels numbers of labels in the order in which their cells stand; those it does not name follow in their own
 * @returns [cells] the column of each cell
 */
export function heatmapRanks(
  predicted: Int32Array,
  confidence: Float32Array,
  labels: readonly number[] = [],
): Uint32Array {
  const place = new Map(labels.map((label, at) => [label, at - labels.length]));
  const at = Int32Array.from(predicted, (label) => place.get(label) ?? label);
  const order = Uint32Array.from({ length: predicted.length }, (_, cell) => cell).sort(
    (a, b) => at[a]! - at[b]! || confidence[b]! - confidence[a]! || a - b,
  );
  const ranks = new Uint32Array(order.length);
  order.forEach((cell, rank) => {
    ranks[cell] = rank;
  });
  return ranks;
}

/**
 * One tile: mean z-scores of some features in columns of 2^level cells. Only the columns of these features are read, and
 * once for tiles that lie beside each other, so the cost follows their stored values, not the size of the study. Throws `request.no-such-feature`.
 * @param ranks [cells] of `heatmapRanks`
 */
export async function heatmapTile(
  project: ProjectReader,
  columns: FeatureColumns,
  cache: ColumnCache,
  ranks: Uint32Array,
  { features, level, tile }: { readonly features: readonly string[]; readonly level: number; readonly tile: number },
): Promise<HeatmapTile> {
  const width = 2 ** level;
  const begin = tile * TILE * width;
  const count = Math.max(0, Math.min(TILE, Math.ceil((ranks.length - begin) / width)));
  const values = new Float32Array(features.length * count);
  for (const [row, feature] of features.entries()) {
    const { cells, values: shown, mean, deviation } = await cache.get(project, columns, placeOf(columns, feature));
    const own = values.subarray(row * count, (row + 1) * count);
    for (let i = 0; i < cells.length; i++) {
      const at = Math.floor((ranks[cells[i]!]! - begin) / width);
      if (at >= 0 && at < count) own[at]! += shown[i]!;
    }
    for (let at = 0; at < count; at++) {
      const behind = Math.min(width, ranks.length - begin - at * width);
      own[at] = deviation === 0 ? 0 : (own[at]! / behind - mean) / deviation;
    }
  }
  return { columns: count, values };
}

/**
 * The mean z-scores of some features in the cells of each label. Only the columns of these features are read. Throws
 * `request.no-such-feature`.
 * @param predicted [cells] number of the most probable label
 * @param labels how many there are
 */
export async function labelMeans(
  project: ProjectReader,
  columns: FeatureColumns,
  cache: ColumnCache,
  {
    features,
    predicted,
    labels,
  }: { readonly features: readonly string[]; readonly predicted: Int32Array; readonly labels: number },
): Promise<LabelMeans> {
  const cells = new Int32Array(labels);
  for (const label of predicted) cells[label]!++;
  const values = new Float32Array(features.length * labels);
  for (const [row, feature] of features.entries()) {
    const column = await cache.get(project, columns, placeOf(columns, feature));
    if (column.deviation === 0) continue;
    const sums = new Float64Array(labels);
    for (let i = 0; i < column.cells.length; i++) sums[predicted[column.cells[i]!]!]! += column.values[i]!;
    for (let label = 0; label < labels; label++) {
      if (cells[label] === 0) continue;
      values[row * labels + label] = (sums[label]! / cells[label]! - column.mean) / column.deviation;
    }
  }
  return { cells, values };
}
