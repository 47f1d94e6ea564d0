import { alignedCount } from '#core/train/losses/feature-alignment';
import type { StepContext } from './step-context.ts';
import { upTo } from './step-memory.ts';

/** Rows of unit length of the whole batch, which both terms below compare; derivatives with respect to them begin at 0. */
export function makeUnitRows({ pool, room, sizes }: StepContext): void {
  const { rows, width } = sizes;
  const items = Math.ceil(rows / pool.kernels.SIMILAR_ROWS.value);
  pool.run('unitRows', items, room.z, room.unit, room.factors, rows, width);
  pool.memory.floats(room.du, rows * width).fill(0);
}

/** Adds what both terms left in `du` to `dz`. */
export function unitRowsBack({ pool, room, sizes }: StepContext): void {
  const { rows, width } = sizes;
  const items = Math.ceil(rows / pool.kernels.SIMILAR_ROWS.value);
  pool.run('unitRowsGradient', items, room.du, room.unit, room.factors, room.dz, rows, width);
}

/** `contrastive` of core/train/losses times `weight`. Each pair of cells is compared once, and once more for the derivative. */
export function contrastiveTerm({ pool, room, sizes, settings }: StepContext, weight: number): number {
  const { n, width } = sizes;
  const rows = 2 * n;
  const padded = upTo(rows, 8);
  const { temperature } = settings;
  const first = room.unit + 4 * n * width;
  const items = Math.ceil(padded / pool.kernels.SIMILAR_ROWS.value);
  pool.run('panel', padded / 8, first, room.panels, rows, width);
  pool.run('raisedSimilarities', items, first, room.panels, room.raised, rows, padded, width, temperature);
  pool.run('raisedSums', items, first, room.raised, room.sums, room.inverse, room.own, rows, padded, width);
  pool.run('widePanel', width / 8, first, room.wide, padded, rows, width);
  const factor = weight / (rows * temperature);
  const du = room.du + 4 * n * width;
  pool.run('raisedGradient', items, first, room.wide, room.raised, room.inverse, du, rows, padded, width, factor);

  const sums = pool.memory.floats(room.sums, rows);
  const own = pool.memory.floats(room.own, rows);
  let total = 0;
  for (let i = 0; i < rows; i++) total += Math.log(sums[i]!) + (1 - own[i]!) / temperature;
  return (weight * total) / rows;
}

/** `featureAlignment` of core/train/losses with its choice of pairs, times the weight of the settings. */
export function alignmentTerm({ pool, room, sizes, settings }: StepContext, negatives: Int32Array): number {
  const { n, width } = sizes;
  const { memory } = pool;
  const padded = upTo(n, 8);
  const query = room.unit + 4 * n * width;
  const items = Math.ceil(n / pool.kernels.SIMILAR_ROWS.value);
  pool.run('panel', padded / 8, room.unit, room.panels, n, width);
  pool.run('nearestRows', items, query, room.panels, room.raised, room.best, room.nearest, n, n, padded, width);

  const best = memory.floats(room.best, n);
  const nearest = memory.words(room.nearest, n);
  const order = Uint32Array.from(best.keys()).sort((a, b) => best[b]! - best[a]! || a - b);
  const kept = order.subarray(0, alignedCount(n, settings.alignmentShare));
  memory.put(room.kept, kept);
  memory.put(
    room.matched,
    kept.map((row) => nearest[row]!),
  );
  memory.put(room.pushed, negatives);
  const factor = settings.alignmentWeight / kept.length;
  const total = pool.kernels.alignedPairs(
    room.unit,
    query,
    room.du,
    room.du + 4 * n * width,
    room.kept,
    room.matched,
    settings.alignmentNegatives ? room.pushed : 0,
    kept.length,
    width,
    settings.alignmentMargin,
    factor,
  );
  return factor * total;
}
