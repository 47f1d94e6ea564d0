import { throwIfCancelled } from '../base/cancel.ts';
import type {
  NeighbourDistance,
  NeighbourSearch,
  NeighbourSearchOptions,
  NeighboursWithDistances,
} from './neighbour-search.ts';

/** Cells of one round: what is compared lies in the processor's cache. */
const BLOCK = 256;
/** Dimensions summed before a pair is given up as too far. */
const STRIDE = 8;

/** Compares every cell with every other one: time grows with cells² · width. For up to about 50 000 cells. */
export const exactNeighbours: NeighbourSearch = {
  describe: () => 'exact search',
  search: searchExactly,
};

async function searchExactly(
  values: Float32Array,
  width: number,
  k: number,
  distance: NeighbourDistance,
  options: NeighbourSearchOptions = {},
): Promise<NeighboursWithDistances> {
  const cells = values.length / width;
  if (!Number.isInteger(cells))
    throw new RangeError(`exactNeighbours: ${values.length} values are no rows of ${width}`);
  if (!(k >= 1 && k < cells)) throw new RangeError(`exactNeighbours: ${k} neighbours of ${cells} cells`);

  const indices = new Int32Array(cells * k).fill(-1);
  const distances = new Float64Array(cells * k).fill(Infinity);
  const compare = distance === 'manhattan' ? compareManhattan : compareEuclidean;
  for (let from = 0; from < cells; from += BLOCK) {
    throwIfCancelled(options.signal);
    const to = Math.min(from + BLOCK, cells);
    // the other cells come in rising order, so that of two equally far ones the lower number is met first
    for (let other = 0; other < cells; other += BLOCK) {
      compare(values, width, from, to, other, Math.min(other + BLOCK, cells), k, indices, distances);
    }
    await options.progress?.(to / cells);
  }
  const metric = distance === 'manhattan' ? distances : distances.map(Math.sqrt);
  return { k, indices, distances: Float32Array.from(metric) };
}

function compareManhattan(
  values: Float32Array,
  width: number,
  from: number,
  to: number,
  otherFrom: number,
  otherTo: number,
  k: number,
  indices: Int32Array,
  distances: Float64Array,
): void {
  for (let cell = from; cell < to; cell++) {
    const a = cell * width;
    const last = (cell + 1) * k - 1;
    let limit = distances[last]!;
    for (let other = otherFrom; other < otherTo; other++) {
      if (other === cell) continue;
      const b = other * width;
      let sum = 0;
      let d = 0;
      while (d < width && sum < limit) {
        const stop = Math.min(d + STRIDE, width);
        for (; d < stop; d++) sum += Math.abs(values[a + d]! - values[b + d]!);
      }
      if (sum < limit) {
        insert(indices, distances, cell * k, last, other, sum);
        limit = distances[last]!;
      }
    }
  }
}

/** As above with squared differences; written out, because a call per pair would cost more than the sum. */
function compareEuclidean(
  values: Float32Array,
  width: number,
  from: number,
  to: number,
  otherFrom: number,
  otherTo: number,
  k: number,
  indices: Int32Array,
  distances: Float64Array,
): void {
  for (let cell = from; cell < to; cell++) {
    const a = cell * width;
    const last = (cell + 1) * k - 1;
    let limit = distances[last]!;
    for (let other = otherFrom; other < otherTo; other++) {
      if (other === cell) continue;
      const b = other * width;
      let sum = 0;
      let d = 0;
      while (d < width && sum < limit) {
        const stop = Math.min(d + STRIDE, width);
        for (; d < stop; d++) {
          const gap = values[a + d]! - values[b + d]!;
          sum += gap * gap;
        }
      }
      if (sum < limit) {
        insert(indices, distances, cell * k, last, other, sum);
        limit = distances[last]!;
      }
    }
  }
}

/** Puts a nearer cell into the sorted list first … last, behind those equally far; the farthest one falls out. */
function insert(
  indices: Int32Array,
  distances: Float64Array,
  first: number,
  last: number,
  cell: number,
  distance: number,
): void {
  let place = last;
  while (place > first && distances[place - 1]! > distance) {
    distances[place] = distances[place - 1]!;
    indices[place] = indices[place - 1]!;
    place--;
  }
  distances[place] = distance;
  indices[place] = cell;
}
