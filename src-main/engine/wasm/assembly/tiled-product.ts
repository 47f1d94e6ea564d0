import { multiplyAdd, storeEight } from './lanes';
import { blocksOf, runsOf, TILE_FEATURES, TILE_ROWS } from './tiles';

/** Rows of a claim of `tiledProduct`: their sums, 128 KiB at 64 columns, stay in a near cache while a block's weights are used. */
export const PRODUCT_ROWS: u32 = 512;
/** Parts of the features of which `tiledProduct` makes sums of their own; constant, so that results depend on no number of threads. */
export const PARTITIONS: u32 = 4;

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
