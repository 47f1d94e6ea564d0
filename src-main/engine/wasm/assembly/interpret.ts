import { expOf, multiplyAdd, sumOfLanes, sumsOfLanes } from './lanes';

/** Rows of one claim of `explainRows`. */
export const EXPLAINED_ROWS: u32 = 64;

/** The gap at which few nodes are enough; rounding makes about 10⁻⁷. */
const ENOUGH: f32 = 2e-6;

/** Label of a row that is left out. */
const LEFT_OUT: u32 = 0xffffffff;

/**
 * Integrated Gradients of an affine model for `EXPLAINED_ROWS` rows from `item` on, from the all-zero cell to the cell: with
 * s = xᵀM, r = `intercepts`, p(α) = softmax(αs + r), t the label of the row and the nodes α_i with weights w_i of a quadrature,
 *
 *     g = Σ_i w_i p_t (e_t − p),  attributions[j] = x_j (M_j · g),  gaps[row] = |s·g − (p_t(1) − p_t(0))|
 *
 * and thresholds[row] = the smallest score among the `count` largest positive ones, where a score is the attribution or, with
 * `absolute`, its size (0 where fewer are positive). Rows with label 2³²−1 are left out. The quadrature of `fewNodes` is tried first;
 * where its gap exceeds 2·10⁻⁶ the one of `nodes`, which follows it, is taken.
 *
 * @param slopes M [features, padded] float32  @param intercepts [padded], −∞ beyond the labels  @param quadrature [fewNodes + nodes, 2] α, w
 * @param room [items, roomLength] float32, roomLength = 3·padded + 2048 + longest row + 1
 */
export function explainRows(
  item: u32,
  starts: u32,
  columns: u32,
  values: u32,
  rows: u32,
  slopes: u32,
  intercepts: u32,
  padded: u32,
  quadrature: u32,
  fewNodes: u32,
  nodes: u32,
  label: u32,
  attributions: u32,
  gaps: u32,
  thresholds: u32,
  count: u32,
  absolute: u32,
  room: u32,
  roomLength: u32,
): void {
  const bytes = padded << 2;
  const s = room + ((item * roomLength) << 2);
  const p = s + bytes;
  const g = p + bytes;
  const bins = g + bytes;
  const scores = bins + (BINS << 2);
  const last = min(rows, (item + 1) * EXPLAINED_ROWS);
  for (let row = item * EXPLAINED_ROWS; row < last; row++) {
    const target = load<u32>(label + (row << 2));
    if (target == LEFT_OUT) continue;
    const from = load<u32>(starts + (row << 2));
    const to = load<u32>(starts + (row << 2), 4);
    slopeOf(from, to, columns, values, slopes, bytes, s);
    softmaxAt(0, s, intercepts, bytes, p);
    let rise = -load<f32>(p + (target << 2));
    softmaxAt(1, s, intercepts, bytes, p);
    rise += load<f32>(p + (target << 2));
    let gap = pathIntegral(quadrature, fewNodes, s, intercepts, target, rise, bytes, p, g);
    if (gap > ENOUGH) gap = pathIntegral(quadrature + (fewNodes << 3), nodes, s, intercepts, target, rise, bytes, p, g);
    store<f32>(gaps + (row << 2), gap);

    attribute(from, to, columns, values, slopes, bytes, g, attributions);
    let positive: u32 = 0;
    for (let place = from; place < to; place++) {
      const score = scoreAt(attributions, place, absolute);
      store<f32>(scores + (positive << 2), score);
      positive += u32(score > 0);
    }
    store<f32>(thresholds + (row << 2), positive <= count ? 0 : largest(scores, positive, count, bins));
  }
}

/** g over the nodes; gives back the gap. */
function pathIntegral(
  quadrature: u32,
  nodes: u32,
  s: u32,
  intercepts: u32,
  target: u32,
  rise: f32,
  bytes: u32,
  p: u32,
  g: u32,
): f32 {
  memory.fill(g, 0, bytes);
  let total: f32 = 0;
  for (let node: u32 = 0; node < nodes; node++) {
    softmaxAt(load<f32>(quadrature + (node << 3)), s, intercepts, bytes, p);
    const weight = load<f32>(quadrature + (node << 3), 4) * load<f32>(p + (target << 2));
    const minus = f32x4.splat(-weight);
    for (let at: u32 = 0; at < bytes; at += 16) {
      v128.store(g + at, multiplyAdd(minus, v128.load(p + at), v128.load(g + at)));
    }
    total += weight;
  }
  store<f32>(g + (target << 2), load<f32>(g + (target << 2)) + total);
  let along = f32x4.splat(0);
  for (let at: u32 = 0; at < bytes; at += 16) along = multiplyAdd(v128.load(s + at), v128.load(g + at), along);
  return abs<f32>(sumOfLanes(along) - rise);
}

/** s = Σ_p values[p] · slopes[columns[p], :], sixteen labels at a time: [padded]. */
function slopeOf(from: u32, to: u32, columns: u32, values: u32, slopes: u32, bytes: u32, s: u32): void {
  let at: u32 = 0;
  for (; at + 64 <= bytes; at += 64) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let place = from << 2; place < to << 2; place += 4) {
      const slope = slopes + at + load<u32>(columns + place) * bytes;
      const value = v128.load_splat<f32>(values + place);
      s0 = multiplyAdd(value, v128.load(slope), s0);
      s1 = multiplyAdd(value, v128.load(slope, 16), s1);
      s2 = multiplyAdd(value, v128.load(slope, 32), s2);
      s3 = multiplyAdd(value, v128.load(slope, 48), s3);
    }
    v128.store(s + at, s0);
    v128.store(s + at, s1, 16);
    v128.store(s + at, s2, 32);
    v128.store(s + at, s3, 48);
  }
  for (; at < bytes; at += 16) {
    let sum = f32x4.splat(0);
    for (let place = from << 2; place < to << 2; place += 4) {
      const slope = v128.load(slopes + at + load<u32>(columns + place) * bytes);
      sum = multiplyAdd(v128.load_splat<f32>(values + place), slope, sum);
    }
    v128.store(s + at, sum);
  }
}

/** attributions[p] = values[p] · (slopes[columns[p], :] · g), sixteen labels at a time, four entries at a time. */
function attribute(from: u32, to: u32, columns: u32, values: u32, slopes: u32, bytes: u32, g: u32, out: u32): void {
  let at: u32 = 0;
  for (; at + 64 <= bytes; at += 64) {
    const g0 = v128.load(g + at);
    const g1 = v128.load(g + at, 16);
    const g2 = v128.load(g + at, 32);
    const g3 = v128.load(g + at, 48);
    const near = slopes + at;
    let place = from << 2;
    for (; place + 16 <= to << 2; place += 16) {
      const four = columns + place;
      const sums = sumsOfLanes(
        along(near + load<u32>(four) * bytes, g0, g1, g2, g3),
        along(near + load<u32>(four, 4) * bytes, g0, g1, g2, g3),
        along(near + load<u32>(four, 8) * bytes, g0, g1, g2, g3),
        along(near + load<u32>(four, 12) * bytes, g0, g1, g2, g3),
      );
      const found = f32x4.mul(v128.load(values + place), sums);
      v128.store(out + place, at == 0 ? found : f32x4.add(v128.load(out + place), found));
    }
    for (; place < to << 2; place += 4) {
      const sum = along(near + load<u32>(columns + place) * bytes, g0, g1, g2, g3);
      const before: f32 = at == 0 ? 0 : load<f32>(out + place);
      store<f32>(out + place, before + load<f32>(values + place) * sumOfLanes(sum));
    }
  }
  for (; at < bytes; at += 16) {
    const g0 = v128.load(g + at);
    for (let place = from << 2; place < to << 2; place += 4) {
      const sum = f32x4.mul(g0, v128.load(slopes + at + load<u32>(columns + place) * bytes));
      const before: f32 = at == 0 ? 0 : load<f32>(out + place);
      store<f32>(out + place, before + load<f32>(values + place) * sumOfLanes(sum));
    }
  }
}

/** Sixteen products of a slope with g, in four lanes. */
@inline
function along(slope: u32, g0: v128, g1: v128, g2: v128, g3: v128): v128 {
  let sum = f32x4.mul(g0, v128.load(slope));
  sum = multiplyAdd(g1, v128.load(slope, 16), sum);
  sum = multiplyAdd(g2, v128.load(slope, 32), sum);
  return multiplyAdd(g3, v128.load(slope, 48), sum);
}

/** p = softmax(α s + r); 0 where r is −∞. */
@inline
function softmaxAt(alpha: f32, s: u32, intercepts: u32, bytes: u32, p: u32): void {
  const a = f32x4.splat(alpha);
  let most = f32x4.splat(-Infinity);
  for (let at: u32 = 0; at < bytes; at += 16) {
    const u = multiplyAdd(a, v128.load(s + at), v128.load(intercepts + at)); // −∞ beyond the labels
    v128.store(p + at, u);
    most = f32x4.max(most, u);
  }
  const left = max<f32>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1));
  const highest = f32x4.splat(max<f32>(left, max<f32>(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3))));
  let sum = f32x4.splat(0);
  for (let at: u32 = 0; at < bytes; at += 16) {
    const u = f32x4.sub(v128.load(p + at), highest);
    const e = v128.and(expOf(u), f32x4.gt(u, f32x4.splat(-86)));
    v128.store(p + at, e);
    sum = f32x4.add(sum, e);
  }
  const share = f32x4.splat(<f32>1 / sumOfLanes(sum));
  for (let at: u32 = 0; at < bytes; at += 16) v128.store(p + at, f32x4.mul(share, v128.load(p + at)));
}

/** Bins of positive floats by exponent and the first three bits after it. */
const BINS: u32 = 2048;

/**
 * The `count`-th largest of `length` positive numbers, which are put in another order. They are counted into bins first, so that only
 * those of one bin are compared. @param bins [2048] uint32, room
 */
function largest(numbers: u32, length: u32, count: u32, bins: u32): f32 {
  memory.fill(bins, 0, BINS << 2);
  let top: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const bin = load<u32>(numbers + (i << 2)) >> 20;
    const at = bins + (bin << 2);
    store<u32>(at, load<u32>(at) + 1);
    top = max(top, bin);
  }
  let wanted = count;
  while (load<u32>(bins + (top << 2)) < wanted) {
    wanted -= load<u32>(bins + (top << 2));
    top--;
  }
  let members: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const number = load<u32>(numbers + (i << 2));
    store<u32>(numbers + (members << 2), number);
    members += u32(number >> 20 == top);
  }
  return selected(numbers, members, wanted);
}

/** The `count`-th largest of `length` numbers, which are put in another order (Hoare's selection). */
function selected(numbers: u32, length: u32, count: u32): f32 {
  let low: i32 = 0;
  let high: i32 = length - 1;
  const wanted: i32 = count - 1;
  while (low < high) {
    const pivot = load<f32>(numbers + (((low + high) >> 1) << 2));
    let i = low;
    let j = high;
    while (i <= j) {
      while (load<f32>(numbers + (i << 2)) > pivot) i++;
      while (load<f32>(numbers + (j << 2)) < pivot) j--;
      if (i <= j) {
        const held = load<f32>(numbers + (i << 2));
        store<f32>(numbers + (i << 2), load<f32>(numbers + (j << 2)));
        store<f32>(numbers + (j << 2), held);
        i++;
        j--;
      }
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return load<f32>(numbers + (wanted << 2));
}

/**
 * Counts what `explainRows` found in the rows of label `item`: for each of them, sums[label, feature] (float64) grows by each attribution, and
 * cells[label, feature] (uint32) by 1 for the `count` features of largest positive score, of equal ones the first; looked[label] by 1.
 */
export function tallyRows(
  item: u32,
  starts: u32,
  columns: u32,
  rows: u32,
  features: u32,
  label: u32,
  attributions: u32,
  thresholds: u32,
  count: u32,
  absolute: u32,
  cells: u32,
  sums: u32,
  looked: u32,
): void {
  for (let row: u32 = 0; row < rows; row++) {
    const target = load<u32>(label + (row << 2));
    if (target != item) continue;
    store<u32>(looked + (target << 2), load<u32>(looked + (target << 2)) + 1);
    const from = load<u32>(starts + (row << 2));
    const to = load<u32>(starts + (row << 2), 4);
    const threshold = load<f32>(thresholds + (row << 2));
    let above: u32 = 0;
    for (let place = from; place < to; place++) above += u32(scoreAt(attributions, place, absolute) > threshold);
    let equal = threshold > 0 && count > above ? count - above : 0;
    const ofLabel = target * features;
    for (let place = from; place < to; place++) {
      const feature = ofLabel + load<u32>(columns + (place << 2));
      const sum = sums + (feature << 3);
      store<f64>(sum, load<f64>(sum) + <f64>load<f32>(attributions + (place << 2)));
      const score = scoreAt(attributions, place, absolute);
      const isEqual = u32(score == threshold) & u32(equal > 0);
      equal -= isEqual;
      const at = cells + (feature << 2);
      store<u32>(at, load<u32>(at) + (u32(score > threshold) | isEqual));
    }
  }
}

@inline
function scoreAt(attributions: u32, place: u32, absolute: u32): f32 {
  const attribution = load<f32>(attributions + (place << 2));
  return absolute ? abs<f32>(attribution) : attribution;
}
