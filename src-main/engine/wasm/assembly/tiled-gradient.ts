import { multiplyAdd, storeEight } from './lanes';
import { updateWeights } from './sparse';
import { threadRoom } from './thread';
import { blocksOf, runsOf, TILE_FEATURES, TILE_ROWS } from './tiles';

/** Rows that `tiledGradientStep` turns at once: their derivatives stay in a near cache. */
const TURNED_ROWS: u32 = 256;
const COUNTERS: u32 = TILE_FEATURES << 2;
const ENTRIES: u32 = (TURNED_ROWS * TILE_FEATURES) << 3;

/** Bytes that each thread needs for `tiledGradientStep`: counters, entries by feature, the gradient of a block. */
export function turningRoom(width: u32): u32 {
  return COUNTERS + ENTRIES + TILE_FEATURES * (width << 2);
}

/**
 * The weight gradient of block `item` and at once the optimiser's step of these weights, while they are near:
 *
 *     g = Σ_r values[r, ·] · dy[r, :] + Σ_p shifts[p, ·] · sums[p, :]
 *     θ, first and second moment ← `updateWeights`
 *
 * Entries are sorted by feature first, `TURNED_ROWS` rows at a time, so that the gradient of a feature stays in registers.
 * `sizes[item]` becomes Σ|θ| before the step.
 *
 * @param room `turningRoom` bytes for every thread
 * @param shifts [shiftParts, features] @param sums [shiftParts, width] sum of dy over the rows of each part; shiftParts may be 0
 */
export function tiledGradientStep(
  item: u32,
  rows: u32,
  features: u32,
  places: u32,
  tileValues: u32,
  runs: u32,
  dy: u32,
  width: u32,
  room: u32,
  shifts: u32,
  sums: u32,
  shiftParts: u32,
  weights: u32,
  firstMoment: u32,
  secondMoment: u32,
  rule: u32,
  sizes: u32,
): void {
  const bytes = width << 2;
  const first = item * TILE_FEATURES;
  const count = min(TILE_FEATURES, features - first);
  const counters = threadRoom(room, turningRoom(width));
  const entries = counters + COUNTERS;
  const gradient = entries + ENTRIES;
  const blocks = blocksOf(features);
  memory.fill(gradient, 0, count * bytes);
  for (let row: u32 = 0; row < rows; row += TURNED_ROWS) {
    turn(item, row, min(rows, row + TURNED_ROWS), blocks, places, tileValues, runs, bytes, counters, entries);
    if (bytes == 256) addTurned(count, counters, entries, dy, 256, gradient);
    else addTurned(count, counters, entries, dy, bytes, gradient);
  }
  for (let part: u32 = 0; part < shiftParts; part++) {
    const sum = sums + part * bytes;
    for (let g: u32 = 0; g < count; g++) {
      const s = v128.load_splat<f32>(shifts + ((part * features + first + g) << 2));
      const row = gradient + g * bytes;
      for (let at: u32 = 0; at < bytes; at += 16) {
        v128.store(row + at, multiplyAdd(s, v128.load(sum + at), v128.load(row + at)));
      }
    }
  }
  const start = first * bytes;
  const second = secondMoment != 0 ? secondMoment + start : 0;
  const numbers = count * width;
  const all = load<u32>(rule, 24);
  const size = updateWeights(weights + start, gradient, firstMoment + start, second, numbers, rule, all);
  store<f64>(sizes + (item << 3), size);
}

/**
 * Sorts the entries of the rows first … last−1 in one block by feature, rows in order: each becomes (bytes from the first row to its row
 * in a matrix with rows of `bytes`, value). `counters` then hold the end of each feature's entries, which follow one another from `entries` on.
 */
@inline
function turn(
  block: u32,
  first: u32,
  last: u32,
  blocks: u32,
  places: u32,
  tileValues: u32,
  runs: u32,
  bytes: u32,
  counters: u32,
  entries: u32,
): void {
  memory.fill(counters, 0, COUNTERS);
  for (let row = first; row < last; row += TILE_ROWS) {
    const tile = runsOf(runs, row / TILE_ROWS, blocks, block);
    let place = places + load<u32>(tile);
    const stop = places + load<u32>(tile, TILE_ROWS << 2);
    for (; place + 8 <= stop; place += 8) {
      const eight = load<u64>(place);
      for (let bit: u64 = 0; bit < 64; bit += 8) count(counters + (<u32>((eight >> bit) & 255) << 2));
    }
    for (; place < stop; place++) count(counters + (<u32>load<u8>(place) << 2));
  }
  let from = entries;
  for (let counter = counters; counter < counters + COUNTERS; counter += 4) {
    const bytesOfFeature = load<u32>(counter);
    store<u32>(counter, from);
    from += bytesOfFeature;
  }
  for (let group = first; group < last; group += TILE_ROWS) {
    const tile = runsOf(runs, group / TILE_ROWS, blocks, block);
    const end = min(last, group + TILE_ROWS);
    let to = load<u32>(tile);
    for (let row = group; row < end; row++) {
      const offset = <u64>(row * bytes);
      let value = tileValues + (to << 2);
      let place = places + to;
      to = load<u32>(tile + ((row - group) << 2), 4);
      const stop = places + to;
      for (; place < stop; place++, value += 4) {
        const counter = counters + (<u32>load<u8>(place) << 2);
        const entry = load<u32>(counter);
        store<u64>(entry, (<u64>load<u32>(value) << 32) | offset);
        store<u32>(counter, entry + 8);
      }
    }
  }
}

@inline
function count(counter: u32): void {
  store<u32>(counter, load<u32>(counter) + 8);
}

/** gradient[g, :] += Σ value · dy[row, :] over the sorted entries of each feature. */
@inline
function addTurned(features: u32, counters: u32, entries: u32, dy: u32, bytes: u32, gradient: u32): void {
  let from = entries;
  for (let g: u32 = 0; g < features; g++) {
    const to = load<u32>(counters + (g << 2));
    if (from == to) continue;
    const target = gradient + g * bytes;
    let at: u32 = 0;
    for (; at + 128 <= bytes; at += 128) {
      const near = dy + at;
      const o = target + at;
      let s0 = v128.load(o);
      let s1 = v128.load(o, 16);
      let s2 = v128.load(o, 32);
      let s3 = v128.load(o, 48);
      let s4 = v128.load(o, 64);
      let s5 = v128.load(o, 80);
      let s6 = v128.load(o, 96);
      let s7 = v128.load(o, 112);
      for (let entry = from; entry < to; entry += 8) {
        const d = near + load<u32>(entry);
        const v = v128.load_splat<f32>(entry, 4);
        s0 = multiplyAdd(v, v128.load(d), s0);
        s1 = multiplyAdd(v, v128.load(d, 16), s1);
        s2 = multiplyAdd(v, v128.load(d, 32), s2);
        s3 = multiplyAdd(v, v128.load(d, 48), s3);
        s4 = multiplyAdd(v, v128.load(d, 64), s4);
        s5 = multiplyAdd(v, v128.load(d, 80), s5);
        s6 = multiplyAdd(v, v128.load(d, 96), s6);
        s7 = multiplyAdd(v, v128.load(d, 112), s7);
      }
      storeEight(o, s0, s1, s2, s3, s4, s5, s6, s7);
    }
    for (; at < bytes; at += 16) {
      let s = v128.load(target + at);
      for (let entry = from; entry < to; entry += 8) {
        s = multiplyAdd(v128.load_splat<f32>(entry, 4), v128.load(dy + at + load<u32>(entry)), s);
      }
      v128.store(target + at, s);
    }
    from = to;
  }
}
