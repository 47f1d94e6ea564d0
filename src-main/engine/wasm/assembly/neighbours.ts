import { multiplyAdd } from './lanes';

/** Cells of one claim of `nearestCells`. */
export const COMPARED_CELLS: u32 = 32;

/**
 * The k nearest other cells of `COMPARED_CELLS` cells from first + 32·item on, of all `cells`: numbers to indices[cell − first, k] (uint32)
 * and distances to distances[cell − first, k] (float32), nearest first, of equally far ones the lower number. Distances are Σ|x − y|
 * where `manhattan` is set, else Σ(x − y)², summed in float32 over dimensions in order.
 *
 * @param values [cells + 3, width]  @param panels all cells as in similarity.ts, any width
 */
export function nearestCells(
  item: u32,
  values: u32,
  panels: u32,
  cells: u32,
  width: u32,
  first: u32,
  last: u32,
  k: u32,
  indices: u32,
  distances: u32,
  manhattan: u32,
): void {
  const bytes = width << 2;
  const from = first + item * COMPARED_CELLS;
  const end = min(last, from + COMPARED_CELLS);
  for (let cell = from; cell < end; cell++) {
    const row = distances + (((cell - first) * k) << 2);
    for (let i: u32 = 0; i < k; i++) store<f32>(row + (i << 2), Infinity);
  }
  for (let other: u32 = 0; other < cells; other += 8) {
    const panel = panels + other * bytes;
    for (let cell = from; cell < end; cell += 4) {
      const a0 = values + cell * bytes;
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
      let b = panel;
      if (manhattan) {
        for (let d: u32 = 0; d < bytes; d += 4, b += 32) {
          const left = v128.load(b);
          const right = v128.load(b, 16);
          const x0 = v128.load_splat<f32>(a0 + d);
          l0 = f32x4.add(l0, f32x4.abs(f32x4.sub(x0, left)));
          r0 = f32x4.add(r0, f32x4.abs(f32x4.sub(x0, right)));
          const x1 = v128.load_splat<f32>(a1 + d);
          l1 = f32x4.add(l1, f32x4.abs(f32x4.sub(x1, left)));
          r1 = f32x4.add(r1, f32x4.abs(f32x4.sub(x1, right)));
          const x2 = v128.load_splat<f32>(a2 + d);
          l2 = f32x4.add(l2, f32x4.abs(f32x4.sub(x2, left)));
          r2 = f32x4.add(r2, f32x4.abs(f32x4.sub(x2, right)));
          const x3 = v128.load_splat<f32>(a3 + d);
          l3 = f32x4.add(l3, f32x4.abs(f32x4.sub(x3, left)));
          r3 = f32x4.add(r3, f32x4.abs(f32x4.sub(x3, right)));
        }
      } else {
        for (let d: u32 = 0; d < bytes; d += 4, b += 32) {
          const left = v128.load(b);
          const right = v128.load(b, 16);
          l0 = squareAdded(a0 + d, left, l0);
          r0 = squareAdded(a0 + d, right, r0);
          l1 = squareAdded(a1 + d, left, l1);
          r1 = squareAdded(a1 + d, right, r1);
          l2 = squareAdded(a2 + d, left, l2);
          r2 = squareAdded(a2 + d, right, r2);
          l3 = squareAdded(a3 + d, left, l3);
          r3 = squareAdded(a3 + d, right, r3);
        }
      }
      const place = ((cell - first) * k) << 2;
      take(cell, other, cells, k, indices + place, distances + place, l0, r0);
      if (cell + 1 < end) take(cell + 1, other, cells, k, indices + place + (k << 2), distances + place + (k << 2), l1, r1);
      if (cell + 2 < end) take(cell + 2, other, cells, k, indices + place + (k << 3), distances + place + (k << 3), l2, r2);
      if (cell + 3 < end) take(cell + 3, other, cells, k, indices + place + 12 * k, distances + place + 12 * k, l3, r3);
    }
  }
}

@inline
function squareAdded(x: u32, others: v128, sum: v128): v128 {
  const gap = f32x4.sub(v128.load_splat<f32>(x), others);
  return multiplyAdd(gap, gap, sum);
}

/** Takes those of eight other cells that are nearer than the k-th. */
@inline
function take(cell: u32, other: u32, cells: u32, k: u32, indices: u32, distances: u32, left: v128, right: v128): void {
  const limit = v128.load_splat<f32>(distances + ((k - 1) << 2));
  const near = v128.bitmask<i32>(f32x4.lt(left, limit)) | (v128.bitmask<i32>(f32x4.lt(right, limit)) << 4);
  if (near != 0) takeLanes(near, cell, other, cells, k, indices, distances, left, right);
}

function takeLanes(
  near: i32,
  cell: u32,
  other: u32,
  cells: u32,
  k: u32,
  indices: u32,
  distances: u32,
  left: v128,
  right: v128,
): void {
  for (let lane: u32 = 0; lane < 8; lane++) {
    if ((near & (1 << lane)) == 0) continue;
    const candidate = other + lane;
    if (candidate == cell || candidate >= cells) continue;
    const half = lane < 4 ? left : right;
    const place = lane & 3;
    const apart =
      place == 0
        ? f32x4.extract_lane(half, 0)
        : place == 1
          ? f32x4.extract_lane(half, 1)
          : place == 2
            ? f32x4.extract_lane(half, 2)
            : f32x4.extract_lane(half, 3);
    if (!(apart < load<f32>(distances + ((k - 1) << 2)))) continue;
    let at: u32 = k - 1;
    while (at > 0 && load<f32>(distances + ((at - 1) << 2)) > apart) {
      store<f32>(distances + (at << 2), load<f32>(distances + ((at - 1) << 2)));
      store<u32>(indices + (at << 2), load<u32>(indices + ((at - 1) << 2)));
      at--;
    }
    store<f32>(distances + (at << 2), apart);
    store<u32>(indices + (at << 2), candidate);
  }
}
