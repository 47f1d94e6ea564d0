import { multiplyAdd, storeEight } from './lanes';
import { updateWeights } from './sparse';
import { BYTES, STRIP } from './strip-size';

/*
 * Layers with many columns. A strip is 32 columns, eight registers; an item is a strip. A matrix [rows, width] in strips is
 * [width / 32, rows, 32], so that what an item reads of it lies together and fits the caches; width is padded with zeros.
 * A matrix that a function can take in either form comes with two distances in bytes: from row to row and from strip to strip.
 */

/**
 * out[r, :] = Σ_p values[p] · weights[columns[p], :] + shifts[part of r, :] × weights for strip `item` of a staged batch; weights
 * [features, width] and out [rows, width] in strips. @param shifts [parts, features], 0 for none @param ends [parts] row after the last of each part
 */
export function stripProduct(
  item: u32,
  starts: u32,
  columns: u32,
  values: u32,
  rows: u32,
  features: u32,
  weights: u32,
  out: u32,
  shifts: u32,
  ends: u32,
  parts: u32,
): void {
  const panel = weights + item * features * BYTES;
  const apart = values - columns;
  let o = out + item * rows * BYTES;
  let row: u32 = 0;
  for (let part: u32 = 0; part < parts; part++) {
    let b0 = f32x4.splat(0);
    let b1 = b0;
    let b2 = b0;
    let b3 = b0;
    let b4 = b0;
    let b5 = b0;
    let b6 = b0;
    let b7 = b0;
    if (shifts != 0) {
      let w = panel;
      for (let feature: u32 = 0; feature < features; feature++, w += BYTES) {
        const v = v128.load_splat<f32>(shifts + ((part * features + feature) << 2));
        b0 = multiplyAdd(v, v128.load(w), b0);
        b1 = multiplyAdd(v, v128.load(w, 16), b1);
        b2 = multiplyAdd(v, v128.load(w, 32), b2);
        b3 = multiplyAdd(v, v128.load(w, 48), b3);
        b4 = multiplyAdd(v, v128.load(w, 64), b4);
        b5 = multiplyAdd(v, v128.load(w, 80), b5);
        b6 = multiplyAdd(v, v128.load(w, 96), b6);
        b7 = multiplyAdd(v, v128.load(w, 112), b7);
      }
    }
    const end = load<u32>(ends + (part << 2));
    for (; row < end; row++, o += BYTES) {
      let s0 = b0;
      let s1 = b1;
      let s2 = b2;
      let s3 = b3;
      let s4 = b4;
      let s5 = b5;
      let s6 = b6;
      let s7 = b7;
      const last = columns + (load<u32>(starts + (row << 2), 4) << 2);
      for (let at = columns + (load<u32>(starts + (row << 2)) << 2); at < last; at += 4) {
        const w = panel + load<u32>(at) * BYTES;
        const v = v128.load_splat<f32>(at + apart);
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
  }
}

/**
 * A staged batch by feature: of feature g the rows `cells` and their `turned` values from place firsts[g] on, rows rising.
 * @param firsts [features + 2] uint32; the first features + 1 of them are the result
 */
export function turnBatch(
  starts: u32,
  columns: u32,
  values: u32,
  rows: u32,
  features: u32,
  firsts: u32,
  cells: u32,
  turned: u32,
): void {
  memory.fill(firsts, 0, (features + 2) << 2);
  const stored = load<u32>(starts + (rows << 2));
  for (let p: u32 = 0; p < stored; p++) {
    const at = firsts + (load<u32>(columns + (p << 2)) << 2);
    store<u32>(at, load<u32>(at, 8) + 1, 8);
  }
  for (let at = firsts + 8; at < firsts + ((features + 2) << 2); at += 4) store<u32>(at, load<u32>(at) + load<u32>(at - 4));
  // firsts[g + 1] is now where g begins, and moves to where it ends while its values are placed
  let p: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const last = load<u32>(starts + (row << 2), 4);
    for (; p < last; p++) {
      const at = firsts + (load<u32>(columns + (p << 2)) << 2);
      const to = load<u32>(at, 4) << 2;
      store<u32>(cells + to, row);
      store<u32>(turned + to, load<u32>(values + (p << 2)));
      store<u32>(at, load<u32>(at, 4) + 1, 4);
    }
  }
}

/**
 * The weight gradient of strip `item` and at once the optimiser's step of these weights: for every feature
 * g = Σ_r values[r, ·] · dy[r, :] + Σ_p shifts[p, ·] · (sum of dy over the rows of part p), then `updateWeights`. The batch comes by
 * feature (`turnBatch`); dy [rows, width], weights and moments [features, width] in strips.
 *
 * @param room [strips, parts + 1, 32] float32
 */
export function stripGradientStep(
  item: u32,
  firsts: u32,
  cells: u32,
  values: u32,
  rows: u32,
  features: u32,
  dy: u32,
  weights: u32,
  firstMoment: u32,
  secondMoment: u32,
  rule: u32,
  room: u32,
  shifts: u32,
  ends: u32,
  parts: u32,
): void {
  const d = dy + item * rows * BYTES;
  const gradient = room + item * (parts + 1) * BYTES;
  const apart = values - cells;
  if (shifts != 0) partSums(d, gradient + BYTES, ends, parts);
  let place = item * features * BYTES;
  for (let feature: u32 = 0; feature < features; feature++, place += BYTES) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let s4 = s0;
    let s5 = s0;
    let s6 = s0;
    let s7 = s0;
    if (shifts != 0) {
      let sum = gradient;
      for (let part: u32 = 0; part < parts; part++) {
        sum += BYTES;
        const v = v128.load_splat<f32>(shifts + ((part * features + feature) << 2));
        s0 = multiplyAdd(v, v128.load(sum), s0);
        s1 = multiplyAdd(v, v128.load(sum, 16), s1);
        s2 = multiplyAdd(v, v128.load(sum, 32), s2);
        s3 = multiplyAdd(v, v128.load(sum, 48), s3);
        s4 = multiplyAdd(v, v128.load(sum, 64), s4);
        s5 = multiplyAdd(v, v128.load(sum, 80), s5);
        s6 = multiplyAdd(v, v128.load(sum, 96), s6);
        s7 = multiplyAdd(v, v128.load(sum, 112), s7);
      }
    }
    const last = cells + (load<u32>(firsts + (feature << 2), 4) << 2);
    for (let at = cells + (load<u32>(firsts + (feature << 2)) << 2); at < last; at += 4) {
      const x = d + load<u32>(at) * BYTES;
      const v = v128.load_splat<f32>(at + apart);
      s0 = multiplyAdd(v, v128.load(x), s0);
      s1 = multiplyAdd(v, v128.load(x, 16), s1);
      s2 = multiplyAdd(v, v128.load(x, 32), s2);
      s3 = multiplyAdd(v, v128.load(x, 48), s3);
      s4 = multiplyAdd(v, v128.load(x, 64), s4);
      s5 = multiplyAdd(v, v128.load(x, 80), s5);
      s6 = multiplyAdd(v, v128.load(x, 96), s6);
      s7 = multiplyAdd(v, v128.load(x, 112), s7);
    }
    storeEight(gradient, s0, s1, s2, s3, s4, s5, s6, s7);
    updateWeights(weights + place, gradient, firstMoment + place, secondMoment + place, STRIP, rule, 1);
  }
}

/** sums[p, :] = Σ of the rows of part p of one strip */
function partSums(d: u32, sums: u32, ends: u32, parts: u32): void {
  let row: u32 = 0;
  for (let part: u32 = 0; part < parts; part++, sums += BYTES) {
    const end = load<u32>(ends + (part << 2));
    for (let at: u32 = 0; at < BYTES; at += 16) {
      let sum = f32x4.splat(0);
      for (let r = row; r < end; r++) sum = f32x4.add(sum, v128.load(d + at + r * BYTES));
      v128.store(sums + at, sum);
    }
    row = end;
  }
}
