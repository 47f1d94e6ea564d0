import { multiplyAdd, storeEight } from './lanes';
import { updateWeights } from './sparse';
import { threadRoom } from './thread';

/*
 * A batch in tiles. What limits a sparse product of a large batch is not arithmetic but reading: jumping from row to row within a
 * block of features waits for memory. So a batch is copied once into tiles of 32 rows × 256 features that lie one after the other
 * in the order in which both products go through them:
 *
 *     for each group of 32 rows, for each block of 256 features, for each row: its entries
 *
 * An entry is the place of its feature in the block (`places`, one byte) and its value (`values`, float32). `runs` [groups, blocks × 32 + 1]
 * uint32 says at which entry the run of each (block, row) of a group begins; the next one is its end. Addresses are bytes.
 */

/** Rows of a tile; a claim of `makeTiles` and of `sumOfPartitions` are so many rows. */
export const TILE_ROWS: u32 = 32;
/** Features of a tile; a claim of `tiledGradientStep`. Their places fit a byte. */
export const TILE_FEATURES: u32 = 256;
/** Rows of a claim of `tiledProduct`: their sums, 128 KiB at 64 columns, stay in a near cache while a block's weights are used. */
export const PRODUCT_ROWS: u32 = 512;
/** Parts of the features of which `tiledProduct` makes sums of their own; constant, so that results depend on no number of threads. */
export const PARTITIONS: u32 = 4;

/** Rows that `tiledGradientStep` turns at once: their derivatives stay in a near cache. */
const TURNED_ROWS: u32 = 512;
const COUNTERS: u32 = TILE_FEATURES << 2;
const ENTRIES: u32 = (TURNED_ROWS * TILE_FEATURES) << 3;

/** Bytes that each thread needs for `tiledGradientStep`: counters, entries by feature, the gradient of a block. */
export function turningRoom(width: u32): u32 {
  return COUNTERS + ENTRIES + TILE_FEATURES * (width << 2);
}

@inline
function blocksOf(features: u32): u32 {
  return (features + TILE_FEATURES - 1) / TILE_FEATURES;
}

/** Address of the run of the first row of a tile. */
@inline
function runsOf(runs: u32, group: u32, blocks: u32, block: u32): u32 {
  return runs + ((group * (blocks * TILE_ROWS + 1) + block * TILE_ROWS) << 2);
}

/**
 * Makes the tiles of group `item` from its rows in slot `item` mod `slots`, as soon as `ready` (uint32) counts it among the copied.
 * A slot is `slotEntries` columns, uint32, at `columns`, and as many values at `values`; rows lie in it one after the other, columns
 * rising. `starts` [rows + 1] uint32 counts the entries before each row of the batch. `made[item]` becomes 1 at the end.
 */
export function makeTiles(
  item: u32,
  ready: u32,
  made: u32,
  slots: u32,
  slotEntries: u32,
  columns: u32,
  values: u32,
  starts: u32,
  rows: u32,
  features: u32,
  places: u32,
  tileValues: u32,
  runs: u32,
): void {
  while (atomic.load<u32>(ready) <= item) {
    // the thread that copies has it before long
  }
  const first = item * TILE_ROWS;
  const count = min(TILE_ROWS, rows - first);
  const myStarts = starts + (first << 2);
  const before = load<u32>(myStarts);
  const slot = (item % slots) * slotEntries;
  const blocks = blocksOf(features);
  const myRuns = runsOf(runs, item, blocks, 0);
  // so that an entry's number in the batch is its number here
  const myColumns = columns + ((slot - before) << 2);
  const myValues = values + ((slot - before) << 2);
  countRuns(myStarts, count, myColumns, blocks, myRuns);
  placeRuns(before, load<u32>(myStarts + (count << 2)), count, blocks, myRuns);
  for (let row: u32 = 0; row < count; row++) {
    let from = load<u32>(myStarts + (row << 2));
    let run = myRuns + (row << 2);
    let tileEnd = myRuns + (TILE_ROWS << 2);
    for (let block: u32 = 0; block < blocks; block++, run += TILE_ROWS << 2, tileEnd += TILE_ROWS << 2) {
      const to = load<u32>(run);
      const entries = load<u32>(run, 4) - to;
      // what is copied too much is overwritten by the rows that follow; behind the tile lies what was written before
      if (to + ((entries + 7) & ~7) <= load<u32>(tileEnd)) {
        copyEights(places + to, tileValues + (to << 2), myColumns + (from << 2), myValues + (from << 2), entries);
      } else {
        copyEntries(places + to, tileValues + (to << 2), myColumns + (from << 2), myValues + (from << 2), entries);
      }
      from += entries;
    }
  }
  atomic.store<u32>(made + (item << 2), 1);
}

/** Into the run of each row and block: how many entries it has. */
@inline
function countRuns(starts: u32, rows: u32, columns: u32, blocks: u32, runs: u32): void {
  for (let row: u32 = 0; row < rows; row++) {
    let at = columns + (load<u32>(starts + (row << 2)) << 2);
    const end = columns + (load<u32>(starts + (row << 2), 4) << 2);
    let run = runs + (row << 2);
    for (let block: u32 = 0; block < blocks; block++, run += TILE_ROWS << 2) {
      const from = at;
      const below = (block + 1) * TILE_FEATURES;
      const limit = i32x4.splat(below);
      while (at + 64 <= end && load<u32>(at, 60) < below) at += 64;
      if (at + 32 <= end && load<u32>(at, 28) < below) at += 32;
      while (at < end) {
        // how many of the next four are below; bit 4 stops where all are
        const next = ctz(i32x4.bitmask(i32x4.ge_s(v128.load(at), limit)) | 16);
        at += next << 2;
        if (next < 4) break;
      }
      at = min(at, end); // four at once may look past the row
      store<u32>(run, (at - from) >> 2);
    }
  }
}

/** Counts to beginnings, block by block; rows that the last group does not have are empty. The group's end follows its runs. */
@inline
function placeRuns(before: u32, end: u32, rows: u32, blocks: u32, runs: u32): void {
  let place = before;
  let run = runs;
  for (let block: u32 = 0; block < blocks; block++) {
    for (let row: u32 = 0; row < TILE_ROWS; row++, run += 4) {
      const entries = row < rows ? load<u32>(run) : 0;
      store<u32>(run, place);
      place += entries;
    }
  }
  store<u32>(run, end);
}

/** Entries of one run: the lowest byte of each column is its place in a block of 256. */
@inline
function copyEntries(places: u32, values: u32, fromColumns: u32, fromValues: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u8>(places + i, load<u8>(fromColumns + (i << 2)));
    store<u32>(values + (i << 2), load<u32>(fromValues + (i << 2)));
  }
}

/** The same eight at a time: up to seven more than there are. */
@inline
function copyEights(places: u32, values: u32, fromColumns: u32, fromValues: u32, count: u32): void {
  const lowest = i32x4.splat(255);
  for (let i: u32 = 0; i < count; i += 8) {
    const c = fromColumns + (i << 2);
    const v = fromValues + (i << 2);
    const words = i16x8.narrow_i32x4_s(v128.and(v128.load(c), lowest), v128.and(v128.load(c, 16), lowest));
    v128.store64_lane(places + i, i8x16.narrow_i16x8_u(words, words), 0);
    v128.store(values + (i << 2), v128.load(v));
    v128.store(values + (i << 2), v128.load(v, 16), 16);
  }
}

/**
 * Σ_p values[p] · weights[columns[p], :] over the features of one partition, for `PRODUCT_ROWS` rows: `item` counts the partitions of the
 * first rows, then of the next. @param parts [PARTITIONS, rows, width]
 */
export function tiledProduct(
  item: u32,
  rows: u32,
  features: u32,
  places: u32,
  tileValues: u32,
  runs: u32,
  weights: u32,
  width: u32,
  parts: u32,
): void {
  const part = item % PARTITIONS;
  const first = (item / PARTITIONS) * PRODUCT_ROWS;
  const last = min(rows, first + PRODUCT_ROWS);
  const blocks = blocksOf(features);
  const bytes = width << 2;
  const out = parts + part * rows * bytes;
  memory.fill(out + first * bytes, 0, (last - first) * bytes);
  const stop = ((part + 1) * blocks) / PARTITIONS;
  for (let block = (part * blocks) / PARTITIONS; block < stop; block++) {
    const panel = weights + block * TILE_FEATURES * bytes;
    for (let row = first; row < last; row += TILE_ROWS) {
      const tile = runsOf(runs, row / TILE_ROWS, blocks, block);
      const target = out + row * bytes;
      const count = min(TILE_ROWS, last - row);
      // the usual width as a constant, by which the compiler multiplies faster
      if (bytes == 256) addTile(count, tile, places, tileValues, panel, 256, target);
      else addTile(count, tile, places, tileValues, panel, bytes, target);
    }
  }
}

/** out[r, :] += what the entries of one tile contribute. @param panel weights of the tile's features */
@inline
function addTile(rows: u32, runs: u32, places: u32, tileValues: u32, panel: u32, bytes: u32, out: u32): void {
  let to = load<u32>(runs);
  for (let row: u32 = 0; row < rows; row++) {
    const from = to;
    to = load<u32>(runs + (row << 2), 4);
    if (from == to) continue;
    const target = out + row * bytes;
    const values = tileValues + (from << 2);
    const begin = places + from;
    const stop = places + to;
    let at: u32 = 0;
    for (; at + 128 <= bytes; at += 128) {
      const near = panel + at;
      const o = target + at;
      let s0 = v128.load(o);
      let s1 = v128.load(o, 16);
      let s2 = v128.load(o, 32);
      let s3 = v128.load(o, 48);
      let s4 = v128.load(o, 64);
      let s5 = v128.load(o, 80);
      let s6 = v128.load(o, 96);
      let s7 = v128.load(o, 112);
      let value = values;
      for (let place = begin; place < stop; place++, value += 4) {
        const w = near + <u32>load<u8>(place) * bytes;
        const v = v128.load_splat<f32>(value);
        s0 = multiplyAdd(v, v128.load(w), s0);
        s1 = multiplyAdd(v, v128.load(w, 16), s1);
        s2 = multiplyAdd(v, v128.load(w, 32), s2);
        s3 = multiplyAdd(v, v128.load(w, 48), s3);
        s4 = multiplyAdd(v, v128.load(w, 64), s4);
        s5 = multiplyAdd(v, v128.load(w, 80), s5);
        s6 = multiplyAdd(v, v128.load(w, 96), s6);
        s7 = multiplyAdd(v, v128.load(w, 112), s7);
      }
      storeEight(o, s0, s1, s2, s3, s4, s5, s6, s7);
    }
    for (; at < bytes; at += 16) {
      let s = v128.load(target + at);
      let value = values;
      for (let place = begin; place < stop; place++, value += 4) {
        s = multiplyAdd(v128.load_splat<f32>(value), v128.load(panel + at + <u32>load<u8>(place) * bytes), s);
      }
      v128.store(target + at, s);
    }
  }
}

/**
 * out[r, :] = base[r / rowsPerBase, :] + Σ over partitions of parts[·, from[r], :] for `TILE_ROWS` rows; `rowsPerBase` 0 for one base row.
 * @param from [rows] uint32, which encoded row is row r @param parts [PARTITIONS, encoded, width]
 */
export function sumOfPartitions(
  item: u32,
  rows: u32,
  width: u32,
  from: u32,
  parts: u32,
  encoded: u32,
  out: u32,
  base: u32,
  rowsPerBase: u32,
): void {
  const first = item * TILE_ROWS;
  const last = min(rows, first + TILE_ROWS);
  const bytes = width << 2;
  const apart = encoded * bytes;
  for (let row = first; row < last; row++) {
    const level = base + (rowsPerBase > 0 ? row / rowsPerBase : 0) * bytes;
    const source = parts + load<u32>(from + (row << 2)) * bytes;
    const target = out + row * bytes;
    for (let at: u32 = 0; at < bytes; at += 16) {
      let s = v128.load(level + at);
      for (let p: u32 = 0; p < PARTITIONS; p++) s = f32x4.add(s, v128.load(source + p * apart + at));
      v128.store(target + at, s);
    }
  }
}

/**
 * In place: row from[r] becomes the sum of all rows r that have that place, in order. A place comes first with the row that is the next one
 * without a place before it, so no row is overwritten before it was added. @param from [rows] uint32, at most r
 */
export function foldRows(matrix: u32, from: u32, rows: u32, width: u32): void {
  const bytes = width << 2;
  let next: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const place = load<u32>(from + (row << 2));
    const source = matrix + row * bytes;
    const target = matrix + place * bytes;
    if (place == next) {
      if (place != row) memory.copy(target, source, bytes);
      next++;
      continue;
    }
    for (let at: u32 = 0; at < bytes; at += 16) {
      v128.store(target + at, f32x4.add(v128.load(target + at), v128.load(source + at)));
    }
  }
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
