import { multiplyAdd } from './lanes';

/** Rows of one claim of the matrix products. */
export const DENSE_ROWS: u32 = 32;

/**
 * out[i, :] = a[i, :] × b + bias (0 stands for none), or out += a × b where `add` is set, for `DENSE_ROWS` rows from `item` on:
 * a [rows, inner], b [inner, width], width a multiple of 4.
 */
export function product(
  item: u32,
  a: u32,
  b: u32,
  out: u32,
  rows: u32,
  inner: u32,
  width: u32,
  bias: u32,
  add: u32,
): void {
  const end = min(rows, (item + 1) * DENSE_ROWS);
  let row = item * DENSE_ROWS;
  for (; row + 4 <= end; row += 4) {
    let column: u32 = 0;
    for (; column + 8 <= width; column += 8) {
      fourByEight(a, b + (column << 2), width << 2, out, row, column, inner, width, bias, add);
    }
    if (column < width) for (let i: u32 = 0; i < 4; i++) oneByFour(a, b, out, row + i, column, inner, width, bias, add);
  }
  for (; row < end; row++) {
    for (let column: u32 = 0; column < width; column += 4) {
      oneByFour(a, b, out, row, column, inner, width, bias, add);
    }
  }
}

/**
 * out[i, :] = a[i, :] × b for `DENSE_ROWS` rows from `item` on: a [rows, inner], b [inner, width] in panels of eight columns,
 * [width / 8, inner, 8], of which one stays in the nearest cache; width a multiple of 8.
 */
export function panelProduct(item: u32, a: u32, panels: u32, out: u32, rows: u32, inner: u32, width: u32): void {
  const end = min(rows, (item + 1) * DENSE_ROWS);
  for (let column: u32 = 0; column < width; column += 8) {
    const from = panels + ((column * inner) << 2);
    let row = item * DENSE_ROWS;
    for (; row + 4 <= end; row += 4) fourByEight(a, from, 32, out, row, column, inner, width, 0, 0);
    for (; row < end; row++) oneByEight(a + ((row * inner) << 2), from, out + ((row * width + column) << 2), inner);
  }
}

function oneByEight(x: u32, from: u32, o: u32, inner: u32): void {
  let left = f32x4.splat(0);
  let right = left;
  for (let k: u32 = 0; k < inner; k++, from += 32) {
    const value = v128.load_splat<f32>(x + (k << 2));
    left = multiplyAdd(value, v128.load(from), left);
    right = multiplyAdd(value, v128.load(from, 16), right);
  }
  v128.store(o, left);
  v128.store(o, right, 16);
}

/** Four rows and eight columns of a product. @param from where the columns of b begin @param next bytes from one row of b to the next */
@inline
function fourByEight(
  a: u32,
  from: u32,
  next: u32,
  out: u32,
  row: u32,
  column: u32,
  inner: u32,
  width: u32,
  bias: u32,
  add: u32,
): void {
  const stride: u32 = inner << 2;
  const step: u32 = width << 2;
  const a0 = a + row * stride;
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
  for (let k: u32 = 0; k < stride; k += 4, from += next) {
    const left = v128.load(from);
    const right = v128.load(from, 16);
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
  let o = out + row * step + (column << 2);
  put(o, l0, r0, bias, column, add);
  put((o += step), l1, r1, bias, column, add);
  put((o += step), l2, r2, bias, column, add);
  put((o += step), l3, r3, bias, column, add);
}

@inline
function put(o: u32, left: v128, right: v128, bias: u32, column: u32, add: u32): void {
  if (bias != 0) {
    left = f32x4.add(left, v128.load(bias + (column << 2)));
    right = f32x4.add(right, v128.load(bias + (column << 2), 16));
  }
  if (add) {
    left = f32x4.add(left, v128.load(o));
    right = f32x4.add(right, v128.load(o, 16));
  }
  v128.store(o, left);
  v128.store(o, right, 16);
}

function oneByFour(
  a: u32,
  b: u32,
  out: u32,
  row: u32,
  column: u32,
  inner: u32,
  width: u32,
  bias: u32,
  add: u32,
): void {
  const step: u32 = width << 2;
  const x = a + ((row * inner) << 2);
  let from = b + (column << 2);
  let sum = f32x4.splat(0);
  for (let k: u32 = 0; k < inner; k++, from += step) {
    sum = multiplyAdd(v128.load_splat<f32>(x + (k << 2)), v128.load(from), sum);
  }
  const o = out + row * step + (column << 2);
  if (bias != 0) sum = f32x4.add(sum, v128.load(bias + (column << 2)));
  if (add) sum = f32x4.add(sum, v128.load(o));
  v128.store(o, sum);
}

/** Rows of the result of one claim of `transposedProduct`. */
export const TRANSPOSED_ROWS: u32 = 8;

/**
 * out[k, :] = Σ_i a[i, k] · b[i, :] (added where `add` is set) for `TRANSPOSED_ROWS` rows k from `item` on:
 * a [rows, inner], b [rows, width] → [inner, width], both widths multiples of 4.
 */
export function transposedProduct(
  item: u32,
  a: u32,
  b: u32,
  out: u32,
  rows: u32,
  inner: u32,
  width: u32,
  add: u32,
): void {
  const end = min(inner, (item + 1) * TRANSPOSED_ROWS);
  const step: u32 = width << 2;
  const stride: u32 = inner << 2;
  for (let k = item * TRANSPOSED_ROWS; k < end; k += 4) {
    let column: u32 = 0;
    for (; column + 32 <= step; column += 32) {
      let l0 = f32x4.splat(0);
      let r0 = l0;
      let l1 = l0;
      let r1 = l0;
      let l2 = l0;
      let r2 = l0;
      let l3 = l0;
      let r3 = l0;
      let x = a + (k << 2);
      let y = b + column;
      for (let i: u32 = 0; i < rows; i++, x += stride, y += step) {
        const left = v128.load(y);
        const right = v128.load(y, 16);
        const x0 = v128.load_splat<f32>(x);
        l0 = multiplyAdd(x0, left, l0);
        r0 = multiplyAdd(x0, right, r0);
        const x1 = v128.load_splat<f32>(x, 4);
        l1 = multiplyAdd(x1, left, l1);
        r1 = multiplyAdd(x1, right, r1);
        const x2 = v128.load_splat<f32>(x, 8);
        l2 = multiplyAdd(x2, left, l2);
        r2 = multiplyAdd(x2, right, r2);
        const x3 = v128.load_splat<f32>(x, 12);
        l3 = multiplyAdd(x3, left, l3);
        r3 = multiplyAdd(x3, right, r3);
      }
      let o = out + k * step + column;
      put(o, l0, r0, 0, 0, add);
      put((o += step), l1, r1, 0, 0, add);
      put((o += step), l2, r2, 0, 0, add);
      put((o += step), l3, r3, 0, 0, add);
    }
    for (; column < step; column += 16) {
      for (let j: u32 = 0; j < 4; j++) {
        let sum = f32x4.splat(0);
        let x = a + ((k + j) << 2);
        let y = b + column;
        for (let i: u32 = 0; i < rows; i++, x += stride, y += step) {
          sum = multiplyAdd(v128.load_splat<f32>(x), v128.load(y), sum);
        }
        const o = out + (k + j) * step + column;
        v128.store(o, add ? f32x4.add(sum, v128.load(o)) : sum);
      }
    }
  }
}

/** out[j, i] = a[i, j]: [rows, width] → [width, rows]; any sizes. */
export function transpose(a: u32, out: u32, rows: u32, width: u32): void {
  for (let i: u32 = 0; i < rows; i++) {
    for (let j: u32 = 0; j < width; j++) store<f32>(out + ((j * rows + i) << 2), load<f32>(a + ((i * width + j) << 2)));
  }
}

/** out[j] = Σ_i a[i, j] (added where `add` is set): [rows, width] → [width], rows in order. */
export function columnSums(a: u32, out: u32, rows: u32, width: u32, add: u32): void {
  const step: u32 = width << 2;
  for (let column: u32 = 0; column < step; column += 16) {
    let sum = add ? v128.load(out + column) : f32x4.splat(0);
    let x = a + column;
    for (let i: u32 = 0; i < rows; i++, x += step) sum = f32x4.add(sum, v128.load(x));
    v128.store(out + column, sum);
  }
}
