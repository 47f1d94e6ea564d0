import { expOf, multiplyAdd, sumOfLanes } from './lanes';

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
 * @param room [items, roomLength] float32, roomLength = 3·padded + longest row
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
  const scores = g + bytes;
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

    let positive: u32 = 0;
    for (let place = from; place < to; place++) {
      const slope = slopes + load<u32>(columns + (place << 2)) * bytes;
      let sum = f32x4.splat(0);
      for (let at: u32 = 0; at < bytes; at += 16) sum = multiplyAdd(v128.load(slope + at), v128.load(g + at), sum);
      const attribution = load<f32>(values + (place << 2)) * sumOfLanes(sum);
      store<f32>(attributions + (place << 2), attribution);
      const score = absolute ? abs<f32>(attribution) : attribution;
      if (score > 0) {
        store<f32>(scores + (positive << 2), score);
        positive++;
      }
    }
    store<f32>(thresholds + (row << 2), positive <= count ? 0 : largest(scores, positive, count));
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

/** s = Σ_p values[p] · slopes[columns[p], :]: [padded]. */
function slopeOf(from: u32, to: u32, columns: u32, values: u32, slopes: u32, bytes: u32, s: u32): void {
  for (let at: u32 = 0; at < bytes; at += 16) {
    let sum = f32x4.splat(0);
    for (let place = from; place < to; place++) {
      const slope = v128.load(slopes + at + load<u32>(columns + (place << 2)) * bytes);
      sum = multiplyAdd(v128.load_splat<f32>(values + (place << 2)), slope, sum);
    }
    v128.store(s + at, sum);
  }
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

/** The `count`-th largest of `length` numbers, which are put in another order (Hoare's selection). */
function largest(numbers: u32, length: u32, count: u32): f32 {
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
 * Counts what `explainRows` found: for every row that is not left out, sums[label, feature] (float64) grows by each attribution, and
 * cells[label, feature] (uint32) by 1 for the `count` features of largest positive score, of equal ones the first; looked[label] by 1.
 */
export function tallyRows(
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
    if (target == LEFT_OUT) continue;
    store<u32>(looked + (target << 2), load<u32>(looked + (target << 2)) + 1);
    const from = load<u32>(starts + (row << 2));
    const to = load<u32>(starts + (row << 2), 4);
    const threshold = load<f32>(thresholds + (row << 2));
    let above: u32 = 0;
    for (let place = from; place < to; place++) if (scoreAt(attributions, place, absolute) > threshold) above++;
    let equal = threshold > 0 && count > above ? count - above : 0;
    const ofLabel = target * features;
    for (let place = from; place < to; place++) {
      const feature = ofLabel + load<u32>(columns + (place << 2));
      const sum = sums + (feature << 3);
      store<f64>(sum, load<f64>(sum) + <f64>load<f32>(attributions + (place << 2)));
      const score = scoreAt(attributions, place, absolute);
      let counts = score > threshold;
      if (!counts && equal > 0 && score == threshold) {
        equal--;
        counts = true;
      }
      if (counts) store<u32>(cells + (feature << 2), load<u32>(cells + (feature << 2)) + 1);
    }
  }
}

@inline
function scoreAt(attributions: u32, place: u32, absolute: u32): f32 {
  const attribution = load<f32>(attributions + (place << 2));
  return absolute ? abs<f32>(attribution) : attribution;
}
