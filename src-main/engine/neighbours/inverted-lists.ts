import { type CancelSignal, throwIfCancelled } from '#core/base/cancel';
import { Random } from '#core/base/random';

export interface ListsOptions {
  readonly seed: number;
  readonly signal?: CancelSignal | undefined;
  /** Called between two parts of the work, so that messages can be seen to. */
  readonly breathe?: (() => Promise<void>) | undefined;
}

/** Nearest points of a fixed set, for points that are not in it. */
export interface NearestOf {
  /**
   * The `k` nearest of the set for the row at `row`, by Euclidean distance, nearest first, written to `indices` (their
   * numbers in the set) and `distances`.
   */
  find(values: Float32Array, row: number, k: number, indices: Int32Array, distances: Float64Array): void;
}

/** Lists looked through per question: more find more of the true neighbours and take longer. */
const LOOKED_THROUGH = 6;
/** Points per list from which the middles are learned, and rounds of that. */
const LEARNED_FROM = 40;
const ROUNDS = 4;
/** Points between two pauses. */
const PART = 2048;

/**
 * An index of points for approximate search: they are sorted into 2·√n lists around middles (Lloyd's k-means), and a question
 * looks through the lists with the nearest middles only (inverted file, Jégou et al. 2011, doi:10.1109/TPAMI.2010.57, without
 * its compression). Same points and seed, same answers.
 *
 * @param points [n, width] row by row, finite, n ≥ 1; kept by the index in its own order
 */
export async function invertedLists(points: Float32Array, width: number, options: ListsOptions): Promise<NearestOf> {
  const n = points.length / width;
  if (!(Number.isInteger(n) && n >= 1)) throw new RangeError(`invertedLists: ${points.length} values, width ${width}`);
  const lists = Math.min(n, Math.round(2 * Math.sqrt(n)));
  const middles = await learnMiddles(points, width, lists, options);
  const list = await listOf(points, width, middles, options);

  const starts = new Int32Array(lists + 1);
  for (const at of list) starts[at + 1]!++;
  for (let i = 0; i < lists; i++) starts[i + 1]! += starts[i]!;
  const next = starts.slice(0, lists);
  const numbers = new Int32Array(n);
  const sorted = new Float32Array(points.length); // points of a list lie one after the other
  for (let point = 0; point < n; point++) {
    const place = next[list[point]!]!++;
    numbers[place] = point;
    sorted.set(points.subarray(point * width, (point + 1) * width), place * width);
  }

  const far = new Float64Array(lists);
  return {
    find(values, row, k, indices, distances) {
      indices.fill(-1, 0, k);
      distances.fill(Infinity, 0, k);
      for (let i = 0; i < lists; i++) far[i] = squared(values, row * width, middles, i * width, width, Infinity);
      // on past the usual number while the lists were too short to give k points
      for (let looked = 0; looked < lists && (looked < LOOKED_THROUGH || indices[k - 1] === -1); looked++) {
        const at = lowest(far);
        far[at] = Infinity;
        for (let place = starts[at]!; place < starts[at + 1]!; place++) {
          const limit = distances[k - 1]!;
          const apart = squared(values, row * width, sorted, place * width, width, limit);
          if (apart < limit) insert(indices, distances, k, numbers[place]!, apart);
        }
      }
      for (let i = 0; i < k; i++) distances[i] = Math.sqrt(distances[i]!);
    },
  };
}

/** Lloyd's rounds over a part of the points, begun at points drawn at random; a middle that lost all points stays. */
async function learnMiddles(
  points: Float32Array,
  width: number,
  lists: number,
  options: ListsOptions,
): Promise<Float32Array> {
  const n = points.length / width;
  const drawn = Random.forPurpose(options.seed, 'inverted lists').sample(n, Math.min(n, lists * LEARNED_FROM));
  const some = new Float32Array(drawn.length * width);
  drawn.forEach((point, i) => some.set(points.subarray(point * width, (point + 1) * width), i * width));
  const middles = some.slice(0, lists * width);
  for (let round = 0; round < ROUNDS; round++) {
    const list = await listOf(some, width, middles, options);
    const sums = new Float64Array(lists * width);
    const counts = new Int32Array(lists);
    list.forEach((at, i) => {
      counts[at]!++;
      for (let d = 0; d < width; d++) sums[at * width + d]! += some[i * width + d]!;
    });
    sums.forEach((sum, i) => {
      const count = counts[Math.floor(i / width)]!;
      if (count > 0) middles[i] = sum / count;
    });
  }
  return middles;
}

/** The nearest middle of each point; of equally near ones the first. */
async function listOf(
  points: Float32Array,
  width: number,
  middles: Float32Array,
  { signal, breathe }: ListsOptions,
): Promise<Int32Array> {
  const list = new Int32Array(points.length / width);
  for (let point = 0; point < list.length; point++) {
    if (point % PART === 0) {
      await breathe?.();
      throwIfCancelled(signal);
    }
    let least = Infinity;
    for (let at = 0; at * width < middles.length; at++) {
      const apart = squared(points, point * width, middles, at * width, width, least);
      if (apart >= least) continue;
      least = apart;
      list[point] = at;
    }
  }
  return list;
}

/** Squared distance of two rows; given up, with what was summed so far, once it has reached `limit`. */
function squared(a: Float32Array, from: number, b: Float32Array, other: number, width: number, limit: number): number {
  let sum = 0;
  let d = 0;
  while (d < width && sum < limit) {
    const stop = Math.min(d + 8, width);
    for (; d < stop; d++) {
      const gap = a[from + d]! - b[other + d]!;
      sum += gap * gap;
    }
  }
  return sum;
}

function lowest(values: Float64Array): number {
  let at = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! < values[at]!) at = i;
  return at;
}

/** Puts a nearer point into the sorted first k, behind those equally far; the farthest falls out. */
function insert(indices: Int32Array, distances: Float64Array, k: number, point: number, apart: number): void {
  let place = k - 1;
  while (place > 0 && distances[place - 1]! > apart) {
    distances[place] = distances[place - 1]!;
    indices[place] = indices[place - 1]!;
    place--;
  }
  distances[place] = apart;
  indices[place] = point;
}
