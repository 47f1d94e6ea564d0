import { expOf, multiplyAdd, signOf, sumOfLanes } from './lanes';

/*
 * Losses over rows that have labels. Widths are multiples of 4; `labels` counts the real ones of a padded width,
 * the others weigh nothing.
 */

/**
 * Soft-max of each row of `logits` [rows, padded], in place; largest[i] = its highest probability, place[i] = where
 * (the first of equals), own[i] = log of the part of `wanted[i]` without the sum: logit − highest logit, sums[i] = Σ exp(logit − highest).
 * @param wanted [rows] uint32, 0 as address stands for none
 */
export function softmaxRows(
  logits: u32,
  rows: u32,
  labels: u32,
  padded: u32,
  wanted: u32,
  largest: u32,
  place: u32,
  own: u32,
  sums: u32,
): void {
  for (let row: u32 = 0; row < rows; row++) {
    const from = logits + ((row * padded) << 2);
    let highest = load<f32>(from);
    let first: u32 = 0;
    for (let k: u32 = 1; k < labels; k++) {
      const logit = load<f32>(from + (k << 2));
      if (logit > highest) {
        highest = logit;
        first = k;
      }
    }
    if (wanted != 0) store<f32>(own + (row << 2), load<f32>(from + (load<u32>(wanted + (row << 2)) << 2)) - highest);
    for (let k = labels; k < padded; k++) store<f32>(from + (k << 2), -Infinity);
    const off = f32x4.splat(-highest);
    let sum = f32x4.splat(0);
    for (let k: u32 = 0; k < padded; k += 4) {
      let e = expOf(f32x4.add(v128.load(from + (k << 2)), off));
      if (k + 4 > labels) e = onlyFirst(e, labels - k);
      v128.store(from + (k << 2), e);
      sum = f32x4.add(sum, e);
    }
    const total = sumOfLanes(sum);
    const share = f32x4.splat(<f32>1 / total);
    for (let k: u32 = 0; k < padded; k += 4) {
      v128.store(from + (k << 2), f32x4.mul(v128.load(from + (k << 2)), share));
    }
    store<f32>(sums + (row << 2), total);
    store<f32>(largest + (row << 2), <f32>1 / total);
    store<u32>(place + (row << 2), first);
  }
}

@inline
function onlyFirst(x: v128, lanes: u32): v128 {
  const keep = i32x4.gt_s(i32x4.splat(lanes), i32x4(0, 1, 2, 3));
  return v128.and(x, keep);
}

/** p ← factor · (p − 1 at the wanted label): the derivative of the cross-entropy, from the probabilities, in place. */
export function crossEntropyGradient(
  probabilities: u32,
  rows: u32,
  padded: u32,
  wanted: u32,
  factor: f32,
): void {
  const f = f32x4.splat(factor);
  for (let row: u32 = 0; row < rows; row++) {
    const from = probabilities + ((row * padded) << 2);
    const at = from + (load<u32>(wanted + (row << 2)) << 2);
    store<f32>(at, load<f32>(at) - 1);
    for (let k: u32 = 0; k < padded; k += 4) v128.store(from + (k << 2), f32x4.mul(f, v128.load(from + (k << 2))));
  }
}

/**
 * The sparse centre term of `rows` cells z [rows, width] with attention A (0 as address: all ones) and their labels, over rows with
 * takesPart ≠ 0:
 *
 *     dz += factor · A (z − c),  dA = factor/2 · (z − c)² (0 where a row does not take part)
 *     moves[label, :] += A (c − z),  counts[label] += 1
 *
 * Gives back Σ A (z − c)².
 */
export function centreRows(
  z: u32,
  attention: u32,
  label: u32,
  takesPart: u32,
  centres: u32,
  rows: u32,
  width: u32,
  factor: f32,
  dz: u32,
  dAttention: u32,
  moves: u32,
  counts: u32,
): f64 {
  const bytes: u32 = width << 2;
  const f = f32x4.splat(factor);
  const half = f32x4.splat(factor * 0.5);
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  let total: f64 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const offset = row * bytes;
    if (takesPart != 0 && load<f32>(takesPart + (row << 2)) == 0) {
      if (attention != 0) for (let at: u32 = 0; at < bytes; at += 16) v128.store(dAttention + offset + at, zero);
      continue;
    }
    const k = load<u32>(label + (row << 2));
    const centre = centres + k * bytes;
    const move = moves + k * bytes;
    store<f32>(counts + (k << 2), load<f32>(counts + (k << 2)) + 1);
    let sum = zero;
    for (let at: u32 = 0; at < bytes; at += 16) {
      const gap = f32x4.sub(v128.load(z + offset + at), v128.load(centre + at));
      const a = attention != 0 ? v128.load(attention + offset + at) : one;
      const weighed = f32x4.mul(a, gap);
      const squared = f32x4.mul(gap, gap);
      sum = multiplyAdd(a, squared, sum);
      v128.store(dz + offset + at, multiplyAdd(f, weighed, v128.load(dz + offset + at)));
      v128.store(move + at, f32x4.sub(v128.load(move + at), weighed));
      if (attention != 0) v128.store(dAttention + offset + at, f32x4.mul(half, squared));
    }
    total += <f64>sumOfLanes(sum);
  }
  return total;
}

/** c_k ← c_k − rate · moves_k/(1 + counts_k) for every label. */
export function moveCentres(centres: u32, moves: u32, counts: u32, labels: u32, width: u32, rate: f32): void {
  for (let k: u32 = 0; k < labels; k++) {
    const step = f32x4.splat(-rate / (1 + load<f32>(counts + (k << 2))));
    for (let j: u32 = 0; j < width; j += 4) {
      const at: u32 = (k * width + j) << 2;
      v128.store(centres + at, multiplyAdd(step, v128.load(moves + at), v128.load(centres + at)));
    }
  }
}

/**
 * What projection regularisation asks of one batch z [rows, width], first part: centred ← z − column means (whose sums are given),
 * dz += size · sign(z). Gives back Σ|z|, and Σ|centred| in `deviation` (float64).
 */
export function centreBatch(
  z: u32,
  sums: u32,
  centred: u32,
  dz: u32,
  rows: u32,
  width: u32,
  size: f32,
  deviation: u32,
): f64 {
  const bytes: u32 = width << 2;
  const share = f32x4.splat(<f32>-1 / <f32>rows);
  const factor = f32x4.splat(size);
  let sizes: f64 = 0;
  let deviations: f64 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const offset = row * bytes;
    let s = f32x4.splat(0);
    let d = s;
    for (let at: u32 = 0; at < bytes; at += 16) {
      const x = v128.load(z + offset + at);
      const c = multiplyAdd(share, v128.load(sums + at), x);
      v128.store(centred + offset + at, c);
      s = f32x4.add(s, f32x4.abs(x));
      d = f32x4.add(d, f32x4.abs(c));
      v128.store(dz + offset + at, multiplyAdd(factor, signOf(x), v128.load(dz + offset + at)));
    }
    sizes += <f64>sumOfLanes(s);
    deviations += <f64>sumOfLanes(d);
  }
  store<f64>(deviation, deviations);
  return sizes;
}

/** dz += factor · (sign(centred) − its column means): the derivative of Σ|centred|. @param room [width] */
export function deviationGradient(centred: u32, dz: u32, rows: u32, width: u32, factor: f32, room: u32): void {
  const bytes: u32 = width << 2;
  const f = f32x4.splat(factor);
  const share = f32x4.splat(-factor / <f32>rows);
  for (let at: u32 = 0; at < bytes; at += 16) {
    let sum = f32x4.splat(0);
    let x = centred + at;
    for (let row: u32 = 0; row < rows; row++, x += bytes) sum = f32x4.add(sum, signOf(v128.load(x)));
    v128.store(room + at, f32x4.mul(share, sum));
  }
  for (let row: u32 = 0; row < rows; row++) {
    const offset = row * bytes;
    for (let at: u32 = 0; at < bytes; at += 16) {
      const d = multiplyAdd(f, signOf(v128.load(centred + offset + at)), v128.load(room + at));
      v128.store(dz + offset + at, f32x4.add(d, v128.load(dz + offset + at)));
    }
  }
}

/**
 * products [width, width] (centredᵀ·centred) become factor · sign off the diagonal and 0 on it;
 * gives back Σ_{j<k} |product_jk|.
 */
export function offDiagonal(products: u32, width: u32, factor: f32): f64 {
  let total: f64 = 0;
  for (let j: u32 = 0; j < width; j++) {
    for (let k: u32 = 0; k < width; k++) {
      const at = products + ((j * width + k) << 2);
      const value = load<f32>(at);
      if (j < k) total += <f64>abs(value);
      store<f32>(at, j == k ? 0 : value > 0 ? factor : value < 0 ? -factor : 0);
    }
  }
  return total;
}
