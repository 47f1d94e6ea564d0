import type { Random } from '../base/random.ts';

/**
 * At most `size` places of 0 … strata.length−1, rising, in which every stratum keeps its share as closely as whole
 * numbers can (largest remainder) and at least one member. All places when there are no more than `size`;
 * a few more than `size` only where there are more strata than that.
 *
 * @param strata [cells] stratum number of each cell, from 0
 */
export function stratifiedSample(strata: ArrayLike<number>, size: number, random: Random): Int32Array {
  const cells = strata.length;
  if (cells <= size) return Int32Array.from({ length: cells }, (_, cell) => cell);
  const members = new Map<number, number[]>();
  for (let cell = 0; cell < cells; cell++) {
    const list = members.get(strata[cell]!);
    if (list) list.push(cell);
    else members.set(strata[cell]!, [cell]);
  }
  const groups = [...members.entries()].sort((a, b) => a[0] - b[0]).map(([, list]) => list);
  const exact = groups.map((list) => (list.length * size) / cells);
  const quotas = exact.map((quota) => Math.max(1, Math.floor(quota)));
  let left = size - quotas.reduce((a, b) => a + b, 0);
  const byRemainder = exact
    .map((quota, group) => ({ group, remainder: quota - quotas[group]! }))
    .sort((a, b) => b.remainder - a.remainder || a.group - b.group);
  for (const { group, remainder } of byRemainder) {
    if (left <= 0 || remainder <= 0) break;
    quotas[group]!++;
    left--;
  }
  const chosen = groups.flatMap((list, group) => {
    const quota = Math.min(quotas[group]!, list.length);
    return Array.from(random.sample(list.length, quota), (place) => list[place]!);
  });
  return Int32Array.from(chosen).sort();
}
