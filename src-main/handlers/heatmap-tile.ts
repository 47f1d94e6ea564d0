import type { HeatmapTile } from '#contract/result-data';
import type { ProjectReader } from '#store/project';
import type { ColumnCache } from './column-cache.ts';
import { type FeatureColumns, placeOf } from './feature-columns.ts';

/** Columns of a tile. */
export const TILE = 512;

/**
 * The order of the cells along a heatmap: by most probable label, within a label by falling confidence, then by place.
 * @returns [cells] the column of each cell
 */
export function heatmapRanks(predicted: Int32Array, confidence: Float32Array): Uint32Array {
  const order = Uint32Array.from({ length: predicted.length }, (_, cell) => cell).sort(
    (a, b) => predicted[a]! - predicted[b]! || confidence[b]! - confidence[a]! || a - b,
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
