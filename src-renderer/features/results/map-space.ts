import { unitPlaces } from '#charts/point-map/map-points';
import type { RunResult } from '#contract/run-result';
import type { PlaneLayout } from '#core/figures/embedding-figure';
import { layoutOf } from './embedding.ts';

/** Where the cells lie on a map. */
export interface MapSpace {
  /** Reference cells first, then query cells; as the run stored them. */
  readonly layout: PlaneLayout;
  /** The same within −1 … 1. */
  readonly places: Float32Array;
  /** [reference + query cells] 1 for cells that were not laid out; null where all were. */
  readonly absent: Uint8Array | null;
  /** Cells laid out. */
  readonly laidOut: number;
}

/** The map of the space that the method learned; null if none was made. */
export function learnedSpace(result: RunResult): MapSpace | null {
  const layout = layoutOf(result);
  if (layout === null) return null;
  return { layout, places: unitPlaces(layout.values), absent: null, laidOut: layout.values.length / 2 };
}

/** The map of both studies before training, on which very many cells are a sample; null if none was made. */
export function spaceBefore({ before, reference, query }: RunResult): MapSpace | null {
  if (before === null) return null;
  const total = reference.cells + query.cells;
  const values = new Float32Array(2 * total);
  const places = new Float32Array(2 * total);
  const absent = new Uint8Array(total).fill(1);
  const unit = unitPlaces(before.layout);
  before.cells.forEach((cell, row) => {
    values.set(before.layout.subarray(2 * row, 2 * row + 2), 2 * cell);
    places.set(unit.subarray(2 * row, 2 * row + 2), 2 * cell);
    absent[cell] = 0;
  });
  const laidOut = before.cells.length;
  return { layout: { name: 'UMAP', values }, places, absent: laidOut === total ? null : absent, laidOut };
}
