import { expOf, multiplyAdd, sumOfLanes } from './lanes';

/*
 * Rows of unit length, compared all with all. `panels` of [rows, width] are [⌈rows/8⌉, width, 8]: number (k, j) of panel p is
 * number k of row 8p + j, so that eight rows are multiplied at once; rows beyond the last are 0.
 * `wide` panels are [width/8, rows, 8]: number (i, j) of panel p is number 8p + j of row i. Widths are multiples of 8.
 */

/** Rows of one claim of everything here. */
export const SIMILAR_ROWS: u32 = 32;

/** u = z/max(‖z‖, 10⁻¹²) row by row, and the factor of each row; for `SIMILAR_ROWS` rows from `item` on. */
export function unitRows(item: u32, z: u32, unit: u32, factors: u32, rows: u32, width: u32): void {
  const bytes: u32 = width << 2;
  const end = min(rows, (item + 1) * SIMILAR_ROWS);
  for (let row = item * SIMILAR_ROWS; row < end; row++) {
    const from = z + row * bytes;
    let squares = f32x4.splat(0);
    for (let at: u32 = 0; at < bytes; at += 16) {
      const x = v128.load(from + at);
      squares = multiplyAdd(x, x, squares);
    }
    const factor: f32 = <f32>1 / sqrt<f32>(max<f32>(sumOfLanes(squares), 1e-24));
    store<f32>(factors + (row << 2), factor);
    const f = f32x4.splat(factor);
    const to = unit + row * bytes;
    for (let at: u32 = 0; at < bytes; at += 16) v128.store(to + at, f32x4.mul(f, v128.load(from + at)));
  }
}

/** dz += factor · (du − (du·u) u): back through `unitRows`. A row that was shorter than 10⁻¹² gets factor · du. */
export function unitRowsGradient(
  item: u32,
  du: u32,
  unit: u32,
  factors: u32,
  dz: u32,
  rows: u32,
  width: u32,
): void {
  const bytes: u32 = width << 2;
  const end = min(rows, (item + 1) * SIMILAR_ROWS);
  for (let row = item * SIMILAR_ROWS; row < end; row++) {
    const d = du + row * bytes;
    const u = unit + row * bytes;
    let dot = f32x4.splat(0);
    for (let at: u32 = 0; at < bytes; at += 16) dot = multiplyAdd(v128.load(d + at), v128.load(u + at), dot);
    const factor = load<f32>(factors + (row << 2));
    const along = f32x4.splat(factor < <f32>1e12 ? -sumOfLanes(dot) : 0);
    const f = f32x4.splat(factor);
    const to = dz + row * bytes;
    for (let at: u32 = 0; at < bytes; at += 16) {
      const across = multiplyAdd(along, v128.load(u + at), v128.load(d + at));
      v128.store(to + at, multiplyAdd(f, across, v128.load(to + at)));
    }
  }
}

/** Panel `item` of `rows` rows. */
export function panel(item: u32, unit: u32, panels: u32, rows: u32, width: u32): void {
  const out = panels + ((item * width) << 5);
  for (let j: u32 = 0; j < 8; j++) {
    const row = item * 8 + j;
    for (let k: u32 = 0; k < width; k++) {
      const value = row < rows ? load<f32>(unit + ((row * width + k) << 2)) : <f32>0;
      store<f32>(out + ((k * 8 + j) << 2), value);
    }
  }
}

/** Wide panel `item` of `rows` rows, of which those from `filled` on are 0. */
export function widePanel(item: u32, unit: u32, wide: u32, rows: u32, filled: u32, width: u32): void {
  const out = wide + ((item * rows) << 5);
  for (let row: u32 = 0; row < rows; row++) {
    const to = out + (row << 5);
    if (row < filled) {
      const from = unit + ((row * width + item * 8) << 2);
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    } else {
      v128.store(to, f32x4.splat(0));
      v128.store(to, f32x4.splat(0), 16);
    }
  }
}

/**
 * E[i, j] = exp((u_i·u_j − 1)/τ), 0 on the diagonal and beyond `rows`: [padded, padded], `padded` = rows up to a multiple of 8.
 * Block `item` of rows computes what lies right of it and writes it on both sides of the diagonal.
 */
export function raisedSimilarities(
  item: u32,
  unit: u32,
  panels: u32,
  raised: u32,
  rows: u32,
  padded: u32,
  width: u32,
  temperature: f32,
): void {
  const first = item * SIMILAR_ROWS;
  const end = min(padded, first + SIMILAR_ROWS);
  const stride: u32 = padded << 2;
  const bytes: u32 = width << 2;
  const scale = f32x4.splat(<f32>1 / temperature);
  const off = f32x4.splat(<f32>-1 / temperature);
  for (let column = first; column < padded; column += 8) {
    const from = panels + ((column * width) << 2);
    for (let row = first; row < end; row += 4) {
      const a0 = unit + row * bytes;
      const a1 = a0 + bytes;
      const a2 = a1 + bytes;
      const a3 = a2 + bytes;
      let l0 = f32x4.splat(0);
      let r0 = l0;
      let l1 = l0;
      let r1 = l0;
      let l2 = l0;
      let r2 = l0;
      let l3 = l0;
      let r3 = l0;
      let b = from;
      for (let k: u32 = 0; k < bytes; k += 4, b += 32) {
        const left = v128.load(b);
        const right = v128.load(b, 16);
        const x0 = v128.load_splat<f32>(a0 + k);
        l0 = multiplyAdd(x0, left, l0);
        r0 = multiplyAdd(x0, right, r0);
        const x1 = v128.load_splat<f32>(a1 + k);
        l1 = multiplyAdd(x1, left, l1);
        r1 = multiplyAdd(x1, right, r1);
        const x2 = v128.load_splat<f32>(a2 + k);
        l2 = multiplyAdd(x2, left, l2);
        r2 = multiplyAdd(x2, right, r2);
        const x3 = v128.load_splat<f32>(a3 + k);
        l3 = multiplyAdd(x3, left, l3);
        r3 = multiplyAdd(x3, right, r3);
      }
      l0 = expOf(multiplyAdd(l0, scale, off));
      r0 = expOf(multiplyAdd(r0, scale, off));
      l1 = expOf(multiplyAdd(l1, scale, off));
      r1 = expOf(multiplyAdd(r1, scale, off));
      l2 = expOf(multiplyAdd(l2, scale, off));
      r2 = expOf(multiplyAdd(r2, scale, off));
      l3 = expOf(multiplyAdd(l3, scale, off));
      r3 = expOf(multiplyAdd(r3, scale, off));
      const o = raised + row * stride + (column << 2);
      v128.store(o, l0);
      v128.store(o, r0, 16);
      v128.store(o + stride, l1);
      v128.store(o + stride, r1, 16);
      v128.store(o + 2 * stride, l2);
      v128.store(o + 2 * stride, r2, 16);
      v128.store(o + 3 * stride, l3);
      v128.store(o + 3 * stride, r3, 16);
      if (column >= end) {
        const t = raised + column * stride + (row << 2);
        putTurned(t, stride, l0, l1, l2, l3);
        putTurned(t + 4 * stride, stride, r0, r1, r2, r3);
      }
    }
  }
  for (let row = first; row < end; row++) store<f32>(raised + row * stride + (row << 2), 0);
  for (let row = first; row < end; row++) {
    for (let column = rows; column < padded; column++) {
      store<f32>(raised + row * stride + (column << 2), 0);
      store<f32>(raised + column * stride + (row << 2), 0);
    }
  }
}

/** The 4 × 4 block with rows a, b, c, d, turned over. */
@inline
function putTurned(to: u32, stride: u32, a: v128, b: v128, c: v128, d: v128): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(ab0, cd0, 0, 2));
  v128.store(to + stride, v128.shuffle<f64>(ab0, cd0, 1, 3));
  v128.store(to + 2 * stride, v128.shuffle<f64>(ab1, cd1, 0, 2));
  v128.store(to + 3 * stride, v128.shuffle<f64>(ab1, cd1, 1, 3));
}

/** sums[i] = Σ_j E[i, j], own[i] = u_i · u_π(i), inverse[i] = 1/sums[i] (0 beyond `rows`); for block `item`. */
export function raisedSums(
  item: u32,
  unit: u32,
  raised: u32,
  sums: u32,
  inverse: u32,
  own: u32,
  rows: u32,
  padded: u32,
  width: u32,
): void {
  const stride: u32 = padded << 2;
  const bytes: u32 = width << 2;
  const half = rows >> 1;
  const end = min(padded, (item + 1) * SIMILAR_ROWS);
  for (let row = item * SIMILAR_ROWS; row < end; row++) {
    const place: u32 = row << 2;
    if (row >= rows) {
      store<f32>(inverse + place, 0);
      continue;
    }
    const from = raised + row * stride;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    for (let at: u32 = 0; at < stride; at += 32) {
      s0 = f32x4.add(s0, v128.load(from + at));
      s1 = f32x4.add(s1, v128.load(from + at, 16));
    }
    const sum = sumOfLanes(f32x4.add(s0, s1));
    store<f32>(sums + place, sum);
    store<f32>(inverse + place, <f32>1 / sum);
    const u = unit + row * bytes;
    const v = unit + (row < half ? row + half : row - half) * bytes;
    let dot = f32x4.splat(0);
    for (let at: u32 = 0; at < bytes; at += 16) dot = multiplyAdd(v128.load(u + at), v128.load(v + at), dot);
    store<f32>(own + place, sumOfLanes(dot));
  }
}

/**
 * du[i, :] += factor · (Σ_j E[i, j] (1/s_i + 1/s_j) u_j − 2 u_π(i)) for block `item`; spends E.
 */
export function raisedGradient(
  item: u32,
  unit: u32,
  wide: u32,
  raised: u32,
  inverse: u32,
  du: u32,
  rows: u32,
  padded: u32,
  width: u32,
  factor: f32,
): void {
  const first = item * SIMILAR_ROWS;
  const end = min(padded, first + SIMILAR_ROWS);
  const stride: u32 = padded << 2;
  const bytes: u32 = width << 2;
  const half = rows >> 1;
  for (let row = first; row < end; row++) {
    const own = v128.load_splat<f32>(inverse + (row << 2));
    const e = raised + row * stride;
    for (let at: u32 = 0; at < stride; at += 16) {
      v128.store(e + at, f32x4.mul(v128.load(e + at), f32x4.add(own, v128.load(inverse + at))));
    }
  }
  for (let column: u32 = 0; column < bytes; column += 32) {
    const b = wide + column * padded;
    for (let row = first; row < end; row += 4) {
      const a0 = raised + row * stride;
      const a1 = a0 + stride;
      const a2 = a1 + stride;
      const a3 = a2 + stride;
      let l0 = f32x4.splat(0);
      let r0 = l0;
      let l1 = l0;
      let r1 = l0;
      let l2 = l0;
      let r2 = l0;
      let l3 = l0;
      let r3 = l0;
      let y = b;
      for (let k: u32 = 0; k < stride; k += 4, y += 32) {
        const left = v128.load(y);
        const right = v128.load(y, 16);
        const x0 = v128.load_splat<f32>(a0 + k);
        l0 = multiplyAdd(x0, left, l0);
        r0 = multiplyAdd(x0, right, r0);
        const x1 = v128.load_splat<f32>(a1 + k);
        l1 = multiplyAdd(x1, left, l1);
        r1 = multiplyAdd(x1, right, r1);
        const x2 = v128.load_splat<f32>(a2 + k);
        l2 = multiplyAdd(x2, left, l2);
        r2 = multiplyAdd(x2, right, r2);
        const x3 = v128.load_splat<f32>(a3 + k);
        l3 = multiplyAdd(x3, left, l3);
        r3 = multiplyAdd(x3, right, r3);
      }
      putRaised(du, unit, row, column, bytes, rows, half, factor, l0, r0);
      putRaised(du, unit, row + 1, column, bytes, rows, half, factor, l1, r1);
      putRaised(du, unit, row + 2, column, bytes, rows, half, factor, l2, r2);
      putRaised(du, unit, row + 3, column, bytes, rows, half, factor, l3, r3);
    }
  }
}

@inline
function putRaised(
  du: u32,
  unit: u32,
  row: u32,
  column: u32,
  bytes: u32,
  rows: u32,
  half: u32,
  factor: f32,
  left: v128,
  right: v128,
): void {
  if (row >= rows) return;
  const partner = unit + (row < half ? row + half : row - half) * bytes + column;
  const two = f32x4.splat(-2);
  const f = f32x4.splat(factor);
  const o = du + row * bytes + column;
  const newLeft = multiplyAdd(f, multiplyAdd(two, v128.load(partner), left), v128.load(o));
  const newRight = multiplyAdd(f, multiplyAdd(two, v128.load(partner, 16), right), v128.load(o, 16));
  v128.store(o, newLeft);
  v128.store(o, newRight, 16);
}
