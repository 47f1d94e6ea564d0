import { multiplyAdd, signOf, storeEight, sumOfLanes } from './lanes';

/*
 * A staged batch is: `starts` [rows + 1] places in the two arrays, uint32; `columns` [stored] uint32; `values` [stored] float32.
 * Columns rise within a row. All addresses are bytes; widths are multiples of 4.
 */

/** Rows of one claim of `sparseProduct`. */
export const ROWS_AT_ONCE: u32 = 64;
/** Features of one claim of the functions that give back a row per feature. */
export const FEATURES_AT_ONCE: u32 = 1024;
/** Features worked on before the next ones: their rows of 64 numbers are 32 KiB and stay in the nearest cache. */
const NEAR: u32 = 128;

/**
 * out[r, :] = Σ_p values[p] · weights[columns[p], :] + base[r / rowsPerBase, :] for `ROWS_AT_ONCE` rows from `item` on; `base` 0
 * stands for none, `rowsPerBase` 0 for one base row. Goes through the features block by block for all rows, so that their weights
 * come from the nearest cache. @param cursors [rows] uint32, room
 */
export function sparseProduct(
  item: u32,
  starts: u32,
  columns: u32,
  values: u32,
  rows: u32,
  features: u32,
  weights: u32,
  width: u32,
  out: u32,
  base: u32,
  rowsPerBase: u32,
  cursors: u32,
): void {
  const first = item * ROWS_AT_ONCE;
  const last = min(rows, first + ROWS_AT_ONCE);
  const bytes = width << 2;
  const shift = values - columns;
  for (let row = first; row < last; row++) {
    const target = out + row * bytes;
    if (base == 0) memory.fill(target, 0, bytes);
    else memory.copy(target, base + (rowsPerBase > 0 ? row / rowsPerBase : 0) * bytes, bytes);
    store<u32>(cursors + (row << 2), columns + (load<u32>(starts + (row << 2)) << 2));
  }
  for (let block: u32 = 0; block < features; block += NEAR) {
    // the usual width as a constant, by which the compiler multiplies faster
    if (bytes == 256) addFeatures(block + NEAR, first, last, starts, columns, shift, weights, 256, out, cursors);
    else addFeatures(block + NEAR, first, last, starts, columns, shift, weights, bytes, out, cursors);
  }
}

/** Adds to out[first … last−1, :] what the features below `end` contribute, from the cursors on, and moves these. */
@inline
function addFeatures(
  end: u32,
  first: u32,
  last: u32,
  starts: u32,
  columns: u32,
  shift: u32,
  weights: u32,
  bytes: u32,
  out: u32,
  cursors: u32,
): void {
    for (let row = first; row < last; row++) {
      const from = load<u32>(cursors + (row << 2));
      const rowEnd = columns + (load<u32>(starts + (row << 2), 4) << 2);
      if (from == rowEnd || load<u32>(from) >= end) continue;
      const target = out + row * bytes;
      let to = from;
      let at: u32 = 0;
      for (; at + 128 <= bytes; at += 128) {
        const panel = weights + at;
        const o = target + at;
        let s0 = v128.load(o);
        let s1 = v128.load(o, 16);
        let s2 = v128.load(o, 32);
        let s3 = v128.load(o, 48);
        let s4 = v128.load(o, 64);
        let s5 = v128.load(o, 80);
        let s6 = v128.load(o, 96);
        let s7 = v128.load(o, 112);
        for (to = from; to < rowEnd; to += 4) {
          const column = load<u32>(to);
          if (column >= end) break;
          const w = panel + column * bytes;
          const v = v128.load_splat<f32>(to + shift);
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
        for (to = from; to < rowEnd; to += 4) {
          const column = load<u32>(to);
          if (column >= end) break;
          s = multiplyAdd(v128.load_splat<f32>(to + shift), v128.load(weights + at + column * bytes), s);
        }
        v128.store(target + at, s);
      }
      store<u32>(cursors + (row << 2), to);
  }
}

/**
 * out[g, :] = Σ_r values[r, g] · dense[r, :] (added where `add` is set) for the features g of block `item`. Rows are taken in order,
 * so the sums do not depend on who computes which block. @param cursors [items, rows] uint32, room
 */
export function sparseTransposedProduct(
  item: u32,
  starts: u32,
  columns: u32,
  values: u32,
  rows: u32,
  dense: u32,
  width: u32,
  out: u32,
  features: u32,
  cursors: u32,
  add: u32,
): void {
  const first = item * FEATURES_AT_ONCE;
  const end = min(features, first + FEATURES_AT_ONCE);
  if (!add) memory.fill(out + first * (width << 2), 0, (end - first) * (width << 2));
  const places = cursors + ((item * rows) << 2);
  placeCursors(first, starts, columns, rows, places);
  for (let block = first; block < end; block += NEAR) {
    addBlock(min(end, block + NEAR), starts, columns, values, rows, dense, width << 2, out, places);
  }
}

/** The first entry of each row whose feature is not below `first`. */
function placeCursors(first: u32, starts: u32, columns: u32, rows: u32, places: u32): void {
  for (let row: u32 = 0; row < rows; row++) {
    const from = columns + (load<u32>(starts + (row << 2)) << 2);
    const to = columns + (load<u32>(starts + (row << 2), 4) << 2);
    store<u32>(places + (row << 2), first == 0 ? from : lowerBound(from, to, first));
  }
}

/** out[g, :] += Σ_r values[r, g] · dense[r, :] for the features below `end`, from `places` on; moves these. */
@inline
function addBlock(
  end: u32,
  starts: u32,
  columns: u32,
  values: u32,
  rows: u32,
  dense: u32,
  bytes: u32,
  out: u32,
  places: u32,
): void {
  const shift = values - columns;
  for (let row: u32 = 0; row < rows; row++) {
    const from = load<u32>(places + (row << 2));
    const rowEnd = columns + (load<u32>(starts + (row << 2), 4) << 2);
    if (from == rowEnd || load<u32>(from) >= end) continue;
    const source = dense + row * bytes;
    let to = from;
    let at: u32 = 0;
    for (; at + 128 <= bytes; at += 128) {
      const d0 = v128.load(source + at);
      const d1 = v128.load(source + at, 16);
      const d2 = v128.load(source + at, 32);
      const d3 = v128.load(source + at, 48);
      const d4 = v128.load(source + at, 64);
      const d5 = v128.load(source + at, 80);
      const d6 = v128.load(source + at, 96);
      const d7 = v128.load(source + at, 112);
      const panel = out + at;
      for (to = from; to < rowEnd; to += 4) {
        const column = load<u32>(to);
        if (column >= end) break;
        const o = panel + column * bytes;
        const v = v128.load_splat<f32>(to + shift);
        v128.store(o, multiplyAdd(v, d0, v128.load(o)));
        v128.store(o, multiplyAdd(v, d1, v128.load(o, 16)), 16);
        v128.store(o, multiplyAdd(v, d2, v128.load(o, 32)), 32);
        v128.store(o, multiplyAdd(v, d3, v128.load(o, 48)), 48);
        v128.store(o, multiplyAdd(v, d4, v128.load(o, 64)), 64);
        v128.store(o, multiplyAdd(v, d5, v128.load(o, 80)), 80);
        v128.store(o, multiplyAdd(v, d6, v128.load(o, 96)), 96);
        v128.store(o, multiplyAdd(v, d7, v128.load(o, 112)), 112);
      }
    }
    for (; at < bytes; at += 16) {
      const d = v128.load(source + at);
      for (to = from; to < rowEnd; to += 4) {
        const column = load<u32>(to);
        if (column >= end) break;
        const o = out + at + column * bytes;
        v128.store(o, multiplyAdd(v128.load_splat<f32>(to + shift), d, v128.load(o)));
      }
    }
    store<u32>(places + (row << 2), to);
  }
}

/** The first place from … to−4 whose column is not below `column`. */
function lowerBound(from: u32, to: u32, column: u32): u32 {
  let low = from >> 2;
  let high = to >> 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(middle << 2) < column) low = middle + 1;
    else high = middle;
  }
  return low << 2;
}

/**
 * One step of the optimiser for `numbers` weights, in place. With λ the weight of the mean |θ| over `all` weights, δ the decay:
 *
 *     g ← g + λ sign(θ)/all + δθ
 *     SGD   v ← μv + g, θ ← θ − ηv
 *     Adam  m ← .9m + .1g, s ← .999s + .001g², θ ← θ − η′ m/(√(s/c) + 10⁻⁸), η′ = η/(1 − .9ᵗ), c = 1 − .999ᵗ
 *
 * `rule`: float32 η or η′, μ, δ, λ, c; then 0 for SGD, 1 for Adam; then uint32 the number of weights of the encoder. Gives back Σ|θ| before the step.
 */
export function updateWeights(
  theta: u32,
  gradient: u32,
  first: u32,
  second: u32,
  numbers: u32,
  rule: u32,
  all: u32,
): f64 {
  const rate = f32x4.neg(v128.load_splat<f32>(rule));
  const momentum = v128.load_splat<f32>(rule, 4);
  const decay = v128.load_splat<f32>(rule, 8);
  const pull = f32x4.splat(load<f32>(rule, 12) / <f32>all);
  const correction = v128.load_splat<f32>(rule, 16);
  const adam = load<f32>(rule, 20) != 0;
  let total: f64 = 0;
  let at: u32 = 0;
  const end: u32 = numbers << 2;
  while (at < end) {
    const stop = min(end, at + 4096);
    let size = f32x4.splat(0);
    for (; at < stop; at += 16) {
      const t = v128.load(theta + at);
      size = f32x4.add(size, f32x4.abs(t));
      let g = multiplyAdd(signOf(t), pull, v128.load(gradient + at));
      g = multiplyAdd(t, decay, g);
      if (adam) {
        const m = multiplyAdd(v128.load(first + at), f32x4.splat(0.9), f32x4.mul(g, f32x4.splat(0.1)));
        const gg = f32x4.mul(f32x4.mul(g, g), f32x4.splat(0.001));
        const s = multiplyAdd(v128.load(second + at), f32x4.splat(0.999), gg);
        const spread = f32x4.add(f32x4.sqrt(f32x4.div(s, correction)), f32x4.splat(1e-8));
        v128.store(first + at, m);
        v128.store(second + at, s);
        v128.store(theta + at, multiplyAdd(rate, f32x4.div(m, spread), t));
      } else {
        const v = multiplyAdd(momentum, v128.load(first + at), g);
        v128.store(first + at, v);
        v128.store(theta + at, multiplyAdd(rate, v, t));
      }
    }
    total += <f64>sumOfLanes(size);
  }
  return total;
}

/** out[p, :] += Σ_g shifts[p, g] · weights[g, :], features in order; `item` is the part. */
export function shiftProduct(item: u32, shifts: u32, features: u32, weights: u32, width: u32, out: u32): void {
  const bytes: u32 = width << 2;
  const shift = shifts + ((item * features) << 2);
  const row = out + item * bytes;
  for (let at: u32 = 0; at < bytes; at += 16) {
    let s0 = v128.load(row + at);
    let w = weights + at;
    for (let g: u32 = 0; g < features; g++, w += bytes) {
      s0 = multiplyAdd(v128.load_splat<f32>(shift + (g << 2)), v128.load(w), s0);
    }
    v128.store(row + at, s0);
  }
}
