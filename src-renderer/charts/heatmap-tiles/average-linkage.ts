/** Two clusters that were joined: places below the number of items are items, n + i is the i-th join. */
export interface Join {
  readonly left: number;
  readonly right: number;
  /** Mean distance between the items of the one and those of the other. */
  readonly distance: number;
}

export interface Linkage {
  /** n − 1 joins by rising distance. */
  readonly joins: readonly Join[];
  /** The items as the tree puts them beside each other. Of two branches the one with the earliest item stands first. */
  readonly order: readonly number[];
}

/**
 * Hierarchical clustering of profiles: correlation distance (1 − Pearson's r), average linkage (UPGMA), by chains of nearest
 * neighbours (Murtagh 1983, doi:10.1093/comjnl/26.4.354) in O(n²) time and memory. The same profiles give the same tree:
 * of equally near clusters the earliest counts. A profile that is the same everywhere has no correlation; it stands at
 * distance 1 from all others, as uncorrelated ones do.
 *
 * @param profiles [n × width] row by row, all finite
 */
export function averageLinkage(profiles: Float32Array, width: number): Linkage {
  const n = width === 0 ? 0 : profiles.length / width;
  if (!Number.isInteger(n)) throw new Error(`averageLinkage: ${profiles.length} values are no rows of ${width}`);
  const distances = correlationDistances(profiles, n, width);
  const sizes = new Float64Array(n).fill(1);
  const alive = new Uint8Array(n).fill(1);
  const found: { a: number; b: number; distance: number }[] = [];
  const chain: number[] = [];
  for (let next = 0; found.length < n - 1;) {
    if (chain.length === 0) {
      while (alive[next] === 0) next++;
      chain.push(next);
    }
    const top = chain.at(-1)!;
    const before = chain.at(-2) ?? -1;
    const nearest = nearestTo(top, before, { distances, alive, n });
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const [a, b] = [Math.min(top, before), Math.max(top, before)];
    found.push({ a, b, distance: distances[a * n + b]! });
    for (let other = 0; other < n; other++) {
      if (alive[other] === 0 || other === a || other === b) continue;
      const mean =
        (sizes[a]! * distances[a * n + other]! + sizes[b]! * distances[b * n + other]!) / (sizes[a]! + sizes[b]!);
      distances[a * n + other] = mean;
      distances[other * n + a] = mean;
    }
    sizes[a]! += sizes[b]!;
    alive[b] = 0;
  }
  return treeOf(found, n);
}

/** The cluster nearest to one; the one before it in the chain where that is as near, else the earliest. */
function nearestTo(
  top: number,
  before: number,
  { distances, alive, n }: { distances: Float64Array; alive: Uint8Array; n: number },
): number {
  let nearest = before;
  let least = before === -1 ? Infinity : distances[top * n + before]!;
  for (let other = 0; other < n; other++) {
    if (alive[other] === 0 || other === top) continue;
    const distance = distances[top * n + other]!;
    if (distance < least) [nearest, least] = [other, distance];
  }
  return nearest;
}

/** [n × n] 1 − Pearson's r. */
function correlationDistances(profiles: Float32Array, n: number, width: number): Float64Array {
  const unit = new Float64Array(n * width);
  for (let row = 0; row < n; row++) {
    const own = profiles.subarray(row * width, (row + 1) * width);
    const mean = own.reduce((sum, value) => sum + value, 0) / width;
    const length = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0));
    if (length > 1e-12) for (let i = 0; i < width; i++) unit[row * width + i] = (own[i]! - mean) / length;
  }
  const distances = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      let r = 0;
      for (let i = 0; i < width; i++) r += unit[a * width + i]! * unit[b * width + i]!;
      distances[a * n + b] = distances[b * n + a] = 1 - Math.max(-1, Math.min(1, r));
    }
  }
  return distances;
}

/** Joins by rising distance with the clusters' own numbers, and the items in the order of the tree. */
function treeOf(found: readonly { a: number; b: number; distance: number }[], n: number): Linkage {
  const sorted = found.toSorted((x, y) => x.distance - y.distance);
  const number = Array.from({ length: n }, (_, item) => item); // of the cluster that an item's row stands for now
  const members: number[][] = Array.from({ length: n }, (_, item) => [item]);
  const first = Array.from({ length: n }, (_, item) => item);
  const row = Array.from({ length: n }, (_, item) => item); // union-find: the row that stands for an item
  const root = (item: number): number => {
    while (row[item] !== item) item = row[item] = row[row[item]!]!;
    return item;
  };
  const joins = sorted.map(({ a, b, distance }, i): Join => {
    const [x, y] = [root(a), root(b)];
    const [early, late] = first[x]! < first[y]! ? [x, y] : [y, x];
    const join = { left: number[early]!, right: number[late]!, distance };
    row[late] = early;
    number[early] = n + i;
    members[early] = [...members[early]!, ...members[late]!];
    members[late] = [];
    return join;
  });
  return { joins, order: n === 0 ? [] : members[root(0)]! };
}
