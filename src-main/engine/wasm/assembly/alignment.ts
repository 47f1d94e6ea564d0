import { multiplyAdd, sumOfLanes } from './lanes';
import { SIMILAR_ROWS } from './similarity';

/* Which reference row is most like each query row, and the loss over such pairs. Rows are of unit length; panels as in similarity.ts. */

/**
 * best[i] = max_j q_i·r_j and nearest[i] = the first j that reaches it, for `SIMILAR_ROWS` queries from `item` on.
 * `panels` are those of the references; queries may be read up to the next multiple of 4. @param room [rows up to a multiple of 4, padded] float32
 */
export function nearestRows(
  item: u32,
  query: u32,
  panels: u32,
  room: u32,
  best: u32,
  nearest: u32,
  rows: u32,
  references: u32,
  padded: u32,
  width: u32,
): void {
  const first = item * SIMILAR_ROWS;
  const end = min(rows, first + SIMILAR_ROWS);
  const stride = padded << 2;
  for (let column: u32 = 0; column < padded; column += 8) {
    for (let row = first; row < end; row += 4) fourByPanel(query, panels, room, row, column, stride, width << 2);
  }
  for (let row = first; row < end; row++) {
    const from = room + row * stride;
    let highest = load<f32>(from);
    let place: u32 = 0;
    for (let j: u32 = 1; j < references; j++) {
      const cosine = load<f32>(from + (j << 2));
      if (cosine > highest) {
        highest = cosine;
        place = j;
      }
    }
    store<f32>(best + (row << 2), highest);
    store<u32>(nearest + (row << 2), place);
  }
}

/** Four rows times the eight of the panel at `column`, into `out`. */
@inline
function fourByPanel(a: u32, panels: u32, out: u32, row: u32, column: u32, stride: u32, bytes: u32): void {
  const a0 = a + row * bytes;
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
  let b = panels + column * bytes;
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
  const o = out + row * stride + (column << 2);
  v128.store(o, l0);
  v128.store(o, r0, 16);
  v128.store(o + stride, l1);
  v128.store(o + stride, r1, 16);
  v128.store(o + 2 * stride, l2);
  v128.store(o + 2 * stride, r2, 16);
  v128.store(o + 3 * stride, l3);
  v128.store(o + 3 * stride, r3, 16);
}

/**
 * The aligned pairs, one after the other: `kept` query rows, `matched` reference rows, `pushed` query rows (0 leaves the hinge out).
 * du of both sides grows by `factor` times the derivative of −u_q·u_r [+ max(0, u_q′·u_r + margin)]; gives back the sum of these.
 */
export function alignedPairs(
  reference: u32,
  query: u32,
  duReference: u32,
  duQuery: u32,
  kept: u32,
  matched: u32,
  pushed: u32,
  pairs: u32,
  width: u32,
  margin: f32,
  factor: f32,
): f64 {
  const bytes: u32 = width << 2;
  const f = f32x4.splat(factor);
  const minus = f32x4.splat(-factor);
  let total: f64 = 0;
  for (let t: u32 = 0; t < pairs; t++) {
    const r: u32 = load<u32>(matched + (t << 2)) * bytes;
    const q: u32 = load<u32>(kept + (t << 2)) * bytes;
    total -= <f64>dotOf(reference + r, query + q, bytes);
    addRow(duReference + r, query + q, minus, bytes);
    addRow(duQuery + q, reference + r, minus, bytes);
    if (pushed == 0) continue;
    const p: u32 = load<u32>(pushed + (t << 2)) * bytes;
    const hinge = dotOf(reference + r, query + p, bytes) + margin;
    if (hinge <= 0) continue;
    total += <f64>hinge;
    addRow(duReference + r, query + p, f, bytes);
    addRow(duQuery + p, reference + r, f, bytes);
  }
  return total;
}

@inline
function dotOf(a: u32, b: u32, bytes: u32): f32 {
  let dot = f32x4.splat(0);
  for (let at: u32 = 0; at < bytes; at += 16) dot = multiplyAdd(v128.load(a + at), v128.load(b + at), dot);
  return sumOfLanes(dot);
}

@inline
function addRow(to: u32, from: u32, factor: v128, bytes: u32): void {
  for (let at: u32 = 0; at < bytes; at += 16) {
    v128.store(to + at, multiplyAdd(factor, v128.load(from + at), v128.load(to + at)));
  }
}
