import { Random } from '#core/base/random';
import type { KernelPool } from '../wasm/kernel-pool.ts';

/** Points of which the middles are learned, per middle, and rounds of that. */
const LEARNED_FROM = 50;
const ROUNDS = 5;
/** Points that are compared with all middles at once. */
const PART = 4096;

/** Called between two parts of the work; throws when it must stop. */
export type Pause = () => Promise<void>;

/**
 * Middles of groups of points (Lloyd's k-means over a part of them, begun at points drawn at random): [middles, width].
 * A middle that lost all points stays where it was. Same values and seed, same bits.
 *
 * @param values [points, width] row by row
 */
export async function learnMiddles(
  pool: KernelPool,
  values: Float32Array,
  width: number,
  count: number,
  seed: number,
  pause: Pause,
): Promise<Float32Array> {
  const points = values.length / width;
  const drawn = Random.forPurpose(seed, 'middles').sample(points, Math.min(points, count * LEARNED_FROM));
  const some = new Float32Array(drawn.length * width);
  drawn.forEach((point, i) => some.set(values.subarray(point * width, (point + 1) * width), i * width));
  const middles = some.slice(0, count * width);
  for (let round = 0; round < ROUNDS; round++) {
    const own = await nearestMiddles(pool, some, width, middles, 1, pause);
    const sums = new Float64Array(count * width);
    const points = new Int32Array(count);
    own.forEach((middle, i) => {
      points[middle]!++;
      for (let d = 0; d < width; d++) sums[middle * width + d]! += some[i * width + d]!;
    });
    sums.forEach((sum, i) => {
      const of = points[Math.floor(i / width)]!;
      if (of > 0) middles[i] = sum / of;
    });
  }
  return middles;
}

/** The `most` nearest middles of each point by Euclidean distance, nearest first, of equally near ones the first: [points, most]. */
export async function nearestMiddles(
  pool: KernelPool,
  values: Float32Array,
  width: number,
  middles: Float32Array,
  most: number,
  pause: Pause,
): Promise<Int32Array> {
  const { memory, kernels } = pool;
  const points = values.length / width;
  const count = middles.length / width;
  const padded = Math.ceil(count / 4) * 4;
  const [rows, turned, half, scores] = [PART * width, padded * width, padded, PART * padded].map((length) =>
    memory.allocate(4 * length),
  ) as [number, number, number, number];
  const near = new Int32Array(points * most);
  try {
    // |x − m|² = |x|² − 2(x·m − |m|²/2): the nearest middle is the one of the largest x·m − |m|²/2
    const table = memory.floats(turned, padded * width).fill(0);
    const bias = memory.floats(half, padded).fill(0);
    for (let middle = 0; middle < count; middle++) {
      for (let d = 0; d < width; d++) {
        const value = middles[middle * width + d]!;
        table[d * padded + middle] = value;
        bias[middle]! -= (value * value) / 2;
      }
    }
    const best = new Float32Array(most);
    for (let from = 0; from < points; from += PART) {
      await pause();
      const part = Math.min(PART, points - from);
      memory.put(rows, values.subarray(from * width, (from + part) * width));
      const items = Math.ceil(part / kernels.DENSE_ROWS.value);
      pool.run('product', items, rows, turned, scores, part, width, padded, half, 0);
      const found = memory.floats(scores, part * padded);
      for (let i = 0; i < part; i++) keepLargest(found, i * padded, count, best, near, (from + i) * most);
    }
    return near;
  } finally {
    for (const address of [rows, turned, half, scores]) memory.free(address);
  }
}

/** Writes the places of the largest of `count` scores from `at` on, largest first, to `places` from `to` on. */
function keepLargest(
  scores: Float32Array,
  at: number,
  count: number,
  best: Float32Array,
  places: Int32Array,
  to: number,
): void {
  best.fill(-Infinity);
  const last = best.length - 1;
  for (let i = 0; i < count; i++) {
    const score = scores[at + i]!;
    if (!(score > best[last]!)) continue;
    let place = last;
    while (place > 0 && best[place - 1]! < score) {
      best[place] = best[place - 1]!;
      places[to + place] = places[to + place - 1]!;
      place--;
    }
    best[place] = score;
    places[to + place] = i;
  }
}
