import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '#core/base/cancel';
import type { CellLayout, LayoutOptions } from '#core/prepare/layout';
import { invertedLists } from '../neighbours/inverted-lists.ts';
import { geometricSketch } from './geometric-sketch.ts';

/** From how many cells on a sketch stands for them, and how many cells it has. */
export interface SketchLimits {
  readonly drawAllUpTo: number;
  readonly sketch: number;
}

/**
 * Up to 200 000 cells all are laid out. The time of a layout grows with its cells (two minutes for 100 000 on two cores),
 * and the page shows a sample of them anyway, so beyond that 100 000 are laid out, whatever the size of the studies; placing
 * the others takes a fraction of a millisecond each.
 */
export const sketchLimits: SketchLimits = { drawAllUpTo: 200_000, sketch: 100_000 };

/** Cells of the sketch that decide where another cell lies. */
const DECIDING = 10;
/** Cells placed between two looks at the cancel signal: about a tenth of a second. */
const PART = 256;
/** Fraction of the work that the sketch and its layout are. */
const DRAWN_AT = 0.7;

/**
 * Lays out many cells by a sketch of them: `draw` lays out the sketch, and each other cell is put at the weighted mean of
 * the places of its nearest cells of the sketch in the full space, with the weights of UMAP's fuzzy neighbourhoods, which is
 * how UMAP's transform begins for cells it has not seen (McInnes et al. 2018, arXiv:1802.03426; umap-learn `transform`).
 * Not more than `limits.drawAllUpTo` cells are given to `draw` as they are.
 *
 * @param draw gives [n, 2] places for [n, width] values and reports 0…1
 */
export async function sketchedLayout(
  values: Float32Array,
  width: number,
  options: LayoutOptions,
  limits: SketchLimits,
  draw: (values: Float32Array, progress: LayoutOptions['progress']) => Promise<Float32Array>,
): Promise<CellLayout> {
  const cells = values.length / width;
  if (cells <= limits.drawAllUpTo) return { places: await draw(values, options.progress), sketch: null };

  const { seed, signal } = options;
  const breathe = (): Promise<void> => setImmediate();
  const sketch = await geometricSketch(values, width, limits.sketch, { seed, signal, breathe });
  const points = new Float32Array(sketch.length * width);
  sketch.forEach((cell, i) => points.set(values.subarray(cell * width, (cell + 1) * width), i * width));
  const drawn = await draw(points, (fraction) => options.progress?.(fraction * DRAWN_AT));

  const places = new Float32Array(cells * 2);
  sketch.forEach((cell, i) => places.set(drawn.subarray(2 * i, 2 * i + 2), 2 * cell));
  const nearest = await invertedLists(points, width, { seed, signal, breathe });
  const k = Math.min(DECIDING, sketch.length);
  const indices = new Int32Array(k);
  const distances = new Float64Array(k);
  let next = 0; // of the sketch
  for (let cell = 0; cell < cells; cell++) {
    if (cell % PART === 0) {
      options.progress?.(DRAWN_AT + ((1 - DRAWN_AT) * cell) / cells);
      await breathe();
      throwIfCancelled(signal);
    }
    if (sketch[next] === cell) {
      next++;
      continue;
    }
    nearest.find(values, cell, k, indices, distances);
    placeAmong(places, cell, drawn, indices, neighbourWeights(distances));
  }
  options.progress?.(1);
  return { places, sketch };
}

/** Puts a cell at the weighted mean of the places of its deciding cells. */
function placeAmong(
  places: Float32Array,
  cell: number,
  drawn: Float32Array,
  indices: Int32Array,
  weights: Float64Array,
): void {
  let [x, y, sum] = [0, 0, 0];
  indices.forEach((point, i) => {
    x += weights[i]! * drawn[2 * point]!;
    y += weights[i]! * drawn[2 * point + 1]!;
    sum += weights[i]!;
  });
  places[2 * cell] = x / sum;
  places[2 * cell + 1] = y / sum;
}

/**
 * How much each of k neighbours counts, 0…1: exp(−(dᵢ − d₁)/σ) with d₁ the distance of the nearest and σ such that the
 * weights sum to log₂ k (McInnes et al. 2018, section 3.1). Where all are equally far, all count alike.
 * @param distances [k] rising
 */
export function neighbourWeights(distances: Float64Array): Float64Array {
  const first = distances[0]!;
  const weights = distances.map(() => 1);
  const spread = distances.at(-1)! - first;
  const wanted = Math.log2(distances.length);
  if (!(spread > 0)) return weights;
  let low = 0;
  let high = Infinity;
  let sigma = spread;
  for (let round = 0; round < 32; round++) {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i] = Math.exp(-(distances[i]! - first) / sigma);
    if (Math.abs(sum - wanted) < 1e-5) break;
    if (sum > wanted) high = sigma;
    else low = sigma;
    sigma = high === Infinity ? sigma * 2 : (low + high) / 2;
  }
  return weights;
}
