/**
 * Mean silhouette of cells under one or more groupings, Euclidean distance, each pair of cells measured once:
 *
 *     s_i = (b_i − a_i) / max(a_i, b_i)
 *
 * a_i the mean distance to the other cells of its own group, b_i the smallest mean distance to another group.
 * A cell alone in its group, or at the place of all others, counts 0. Source: Rousseeuw 1987 (doi:10.1016/0377-0427(87)90125-7).
 *
 * @param embedding [cells, width] row by row
 * @param groupings each [cells], group numbers from 0; −1 leaves the cell out of that grouping
 * @returns per grouping −1…1, or null where fewer than two groups hold cells. Time grows with cells².
 */
export function silhouettes(
  embedding: Float32Array,
  width: number,
  groupings: readonly ArrayLike<number>[],
): (number | null)[] {
  const cells = width === 0 ? 0 : embedding.length / width;
  if (!Number.isInteger(cells)) {
    throw new RangeError(`silhouettes: ${embedding.length} numbers are no rows of ${width}`);
  }
  const tables = groupings.map((groups) => distanceTable(groups, cells));
  for (let i = 0; i < cells; i++) {
    for (let j = i + 1; j < cells; j++) {
      const apart = distance(embedding, width, i, j);
      for (const { groups, count, sums } of tables) {
        const gi = groups[i]!;
        const gj = groups[j]!;
        if (gi < 0 || gj < 0) continue;
        sums[i * count + gj]! += apart;
        sums[j * count + gi]! += apart;
      }
    }
  }
  return tables.map(meanSilhouette);
}

interface DistanceTable {
  readonly groups: ArrayLike<number>;
  readonly count: number;
  readonly sizes: Float64Array;
  /** [cells × groups] sum of distances of a cell to the cells of a group. */
  readonly sums: Float64Array;
}

function distanceTable(groups: ArrayLike<number>, cells: number): DistanceTable {
  if (groups.length !== cells) throw new RangeError(`silhouettes: ${groups.length} group numbers for ${cells} cells`);
  let count = 0;
  for (let cell = 0; cell < cells; cell++) count = Math.max(count, groups[cell]! + 1);
  const sizes = new Float64Array(count);
  for (let cell = 0; cell < cells; cell++) if (groups[cell]! >= 0) sizes[groups[cell]!]!++;
  return { groups, count, sizes, sums: new Float64Array(cells * count) };
}

function meanSilhouette({ groups, count, sizes, sums }: DistanceTable): number | null {
  if (sizes.filter((size) => size > 0).length < 2) return null;
  let total = 0;
  let counted = 0;
  for (let cell = 0; cell < groups.length; cell++) {
    const own = groups[cell]!;
    if (own < 0) continue;
    counted++;
    if (sizes[own] === 1) continue;
    const inside = sums[cell * count + own]! / (sizes[own]! - 1);
    let outside = Infinity;
    for (let group = 0; group < count; group++) {
      if (group !== own && sizes[group]! > 0) outside = Math.min(outside, sums[cell * count + group]! / sizes[group]!);
    }
    const larger = Math.max(inside, outside);
    if (larger > 0) total += (outside - inside) / larger;
  }
  return total / counted;
}

function distance(embedding: Float32Array, width: number, i: number, j: number): number {
  let sum = 0;
  const a = i * width;
  const b = j * width;
  for (let k = 0; k < width; k++) {
    const difference = embedding[a + k]! - embedding[b + k]!;
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}
