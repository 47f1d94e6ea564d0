import { multiplyAdd, sigmoidOf, tanhOf } from './lanes';

/* The attention unit, piece by piece, on one batch of `rows` cells; hidden width and width are multiples of 4. */

/** Rows of one claim of the functions with an item. */
export const ATTENTION_ROWS: u32 = 64;

const EPSILON: f32 = 1e-5;

/**
 * Column statistics of x [rows, hidden]: mean, and inverse = 1/√(variance + 10⁻⁵) with the biased variance. The running
 * mean and (unbiased) variance move a tenth of the way.
 */
export function batchStatistics(
  x: u32,
  rows: u32,
  hidden: u32,
  mean: u32,
  inverse: u32,
  runningMean: u32,
  runningVariance: u32,
): void {
  const bytes: u32 = hidden << 2;
  const share = f32x4.splat(<f32>1 / <f32>rows);
  const unbiased = f32x4.splat(<f32>1 / <f32>(rows - 1));
  const stay = f32x4.splat(0.9);
  const move = f32x4.splat(0.1);
  for (let at: u32 = 0; at < bytes; at += 16) {
    let sum = f32x4.splat(0);
    let p = x + at;
    for (let i: u32 = 0; i < rows; i++, p += bytes) sum = f32x4.add(sum, v128.load(p));
    const m = f32x4.mul(sum, share);
    let squares = f32x4.splat(0);
    p = x + at;
    for (let i: u32 = 0; i < rows; i++, p += bytes) {
      const c = f32x4.sub(v128.load(p), m);
      squares = multiplyAdd(c, c, squares);
    }
    const spread = f32x4.sqrt(multiplyAdd(squares, share, f32x4.splat(EPSILON)));
    v128.store(mean + at, m);
    v128.store(inverse + at, f32x4.div(f32x4.splat(1), spread));
    const before = v128.load(runningMean + at);
    v128.store(runningMean + at, multiplyAdd(stay, before, f32x4.mul(move, m)));
    const was = v128.load(runningVariance + at);
    v128.store(runningVariance + at, multiplyAdd(stay, was, f32x4.mul(move, f32x4.mul(squares, unbiased))));
  }
}

/** x ← (x − mean)·inverse and e ← tanh(γ x + β), for `ATTENTION_ROWS` rows from `item` on. */
export function normalisedTanh(
  item: u32,
  x: u32,
  e: u32,
  rows: u32,
  hidden: u32,
  mean: u32,
  inverse: u32,
  scale: u32,
  shift: u32,
): void {
  const bytes: u32 = hidden << 2;
  const end = min(rows, (item + 1) * ATTENTION_ROWS) * bytes;
  for (let row: u32 = item * ATTENTION_ROWS * bytes; row < end; row += bytes) {
    for (let at: u32 = 0; at < bytes; at += 16) {
      const p = x + row + at;
      const n = f32x4.mul(f32x4.sub(v128.load(p), v128.load(mean + at)), v128.load(inverse + at));
      v128.store(p, n);
      v128.store(e + row + at, tanhOf(multiplyAdd(v128.load(scale + at), n, v128.load(shift + at))));
    }
  }
}

/** a ← σ(a), for `ATTENTION_ROWS` rows from `item` on. */
export function sigmoidRows(item: u32, a: u32, rows: u32, width: u32): void {
  const bytes: u32 = width << 2;
  const end = a + min(rows, (item + 1) * ATTENTION_ROWS) * bytes;
  for (let p = a + item * ATTENTION_ROWS * bytes; p < end; p += 16) v128.store(p, sigmoidOf(v128.load(p)));
}

/** The sum of the first `columns` numbers of each row of a [rows, width], in float64 by rows. */
export function sumOf(a: u32, rows: u32, width: u32, columns: u32): f64 {
  let total: f64 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const from = a + ((row * width) << 2);
    let sum: f32 = 0;
    for (let j: u32 = 0; j < columns; j++) sum += load<f32>(from + (j << 2));
    total += <f64>sum;
  }
  return total;
}

/** dA ← dA · A(1 − A): back through the sigmoid, in place. */
export function sigmoidGradient(item: u32, dA: u32, a: u32, rows: u32, width: u32): void {
  const bytes: u32 = width << 2;
  const one = f32x4.splat(1);
  const from: u32 = item * ATTENTION_ROWS * bytes;
  const end: u32 = min(rows, (item + 1) * ATTENTION_ROWS) * bytes;
  for (let at = from; at < end; at += 16) {
    const y = v128.load(a + at);
    v128.store(dA + at, f32x4.mul(v128.load(dA + at), f32x4.mul(y, f32x4.sub(one, y))));
  }
}

/**
 * Back through tanh and batch normalisation: de [rows, hidden] becomes dx, dγ += Σ d·x̂ and dβ += Σ d with d = de (1 − e²).
 * @param x the normalised values x̂ that `normalisedTanh` left
 */
export function normalisedTanhGradient(
  de: u32,
  e: u32,
  x: u32,
  rows: u32,
  hidden: u32,
  inverse: u32,
  scale: u32,
  dScale: u32,
  dShift: u32,
): void {
  const bytes: u32 = hidden << 2;
  const one = f32x4.splat(1);
  const share = f32x4.splat(<f32>-1 / <f32>rows);
  for (let at: u32 = 0; at < bytes; at += 16) {
    let sum = f32x4.splat(0);
    let along = sum;
    let p: u32 = at;
    for (let i: u32 = 0; i < rows; i++, p += bytes) {
      const y = v128.load(e + p);
      const d = f32x4.mul(v128.load(de + p), f32x4.sub(one, f32x4.mul(y, y)));
      v128.store(de + p, d);
      sum = f32x4.add(sum, d);
      along = multiplyAdd(d, v128.load(x + p), along);
    }
    v128.store(dShift + at, f32x4.add(sum, v128.load(dShift + at)));
    v128.store(dScale + at, f32x4.add(along, v128.load(dScale + at)));
    const level = f32x4.mul(share, sum);
    const slope = f32x4.mul(share, along);
    const factor = f32x4.mul(v128.load(inverse + at), v128.load(scale + at));
    p = at;
    for (let i: u32 = 0; i < rows; i++, p += bytes) {
      const d = multiplyAdd(slope, v128.load(x + p), f32x4.add(v128.load(de + p), level));
      v128.store(de + p, f32x4.mul(factor, d));
    }
  }
}

/** out[i, j] = heads[i, 2j + 1] − heads[i, 2j]: [rows, 2·width] → [rows, width]. */
export function headDifferences(heads: u32, out: u32, rows: u32, width: u32): void {
  for (let i: u32 = 0; i < rows * width; i++) {
    store<f32>(out + (i << 2), load<f32>(heads + (i << 3), 4) - load<f32>(heads + (i << 3)));
  }
}

/** The other way: dHeads[i, 2j + 1] = d[i, j], dHeads[i, 2j] = −d[i, j]. */
export function headGradients(d: u32, dHeads: u32, rows: u32, width: u32): void {
  for (let i: u32 = 0; i < rows * width; i++) {
    const value = load<f32>(d + (i << 2));
    store<f32>(dHeads + (i << 3), -value);
    store<f32>(dHeads + (i << 3), value, 4);
  }
}
