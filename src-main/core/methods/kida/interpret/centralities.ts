/** An undirected graph without loops: for each node the nodes it is linked with. */
export type Neighbours = readonly Int32Array[];

/** Ways in which a node can be central; more is more central. */
export const centralityNames = ['degree', 'betweenness', 'eigenvector', 'pagerank', 'closeness'] as const;
export type CentralityName = (typeof centralityNames)[number];
export type Centralities = Readonly<Record<CentralityName, Float64Array>>;

/**
 * Five centralities of every node of an undirected graph of n nodes, all edges alike:
 *
 * - degree: links/(n − 1)
 * - betweenness: Σ_{s<t} share of the shortest paths between s and t that pass the node, divided by (n − 1)(n − 2)/2 (Brandes 2001)
 * - eigenvector: the leading eigenvector of A + I, of length 1, entries ≥ 0
 * - pagerank: damping 0.85; what nodes without links hold is spread over all
 * - closeness: (r/Σ distances)·(r/(n − 1)) over the r nodes that can be reached; 0 where there are none
 *
 * Where n is too small for a divisor the value is 0. These are networkx's definitions.
 */
export function centralities(neighbours: Neighbours): Centralities {
  const n = neighbours.length;
  const { betweenness, closeness } = ofPaths(neighbours);
  return {
    degree: Float64Array.from(neighbours, (own) => (n > 1 ? own.length / (n - 1) : 0)),
    betweenness,
    eigenvector: eigenvector(neighbours),
    pagerank: pagerank(neighbours),
    closeness,
  };
}

/** Betweenness and closeness, by a breadth-first search from every node. */
function ofPaths(neighbours: Neighbours): { betweenness: Float64Array; closeness: Float64Array } {
  const n = neighbours.length;
  const [betweenness, closeness] = [new Float64Array(n), new Float64Array(n)];
  const order = new Int32Array(n);
  const distance = new Int32Array(n);
  const paths = new Float64Array(n);
  const through = new Float64Array(n);
  for (let source = 0; source < n; source++) {
    distance.fill(-1);
    paths.fill(0);
    through.fill(0);
    distance[source] = 0;
    paths[source] = 1;
    order[0] = source;
    let found = 1;
    let sum = 0;
    for (let at = 0; at < found; at++) {
      const v = order[at]!;
      sum += distance[v]!;
      for (const w of neighbours[v]!) {
        if (distance[w] === -1) {
          distance[w] = distance[v]! + 1;
          order[found++] = w;
        }
        if (distance[w] === distance[v]! + 1) paths[w]! += paths[v]!;
      }
    }
    const reached = found - 1;
    if (reached > 0) closeness[source] = (reached / sum) * (reached / (n - 1));
    for (let at = found - 1; at > 0; at--) {
      const w = order[at]!;
      for (const v of neighbours[w]!) {
        if (distance[v] === distance[w]! - 1) through[v]! += (paths[v]! / paths[w]!) * (1 + through[w]!);
      }
      betweenness[w]! += through[w]!;
    }
  }
  const pairs = (n - 1) * (n - 2); // each pair was met from both ends
  return { betweenness: betweenness.map((sum) => (pairs > 0 ? sum / pairs : 0)), closeness };
}

const MOST_ROUNDS = 100_000;

/** Power iteration on A + I, which has the eigenvectors of A and cannot swing between two of them. */
function eigenvector(neighbours: Neighbours): Float64Array {
  const n = neighbours.length;
  let x = new Float64Array(n).fill(1 / n);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = x.map((own, v) => neighbours[v]!.reduce((sum, w) => sum + x[w]!, own));
    const length = Math.sqrt(next.reduce((sum, value) => sum + value * value, 0));
    const unit = next.map((value) => value / length);
    const change = unit.reduce((sum, value, v) => sum + Math.abs(value - x[v]!), 0);
    x = unit;
    if (change < n * 1e-14) break;
  }
  return x;
}

function pagerank(neighbours: Neighbours): Float64Array {
  const n = neighbours.length;
  let rank = new Float64Array(n).fill(1 / n);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let idle = 0;
    rank.forEach((value, v) => (idle += neighbours[v]!.length === 0 ? value : 0));
    const next = rank.map((_, v) => {
      const received = neighbours[v]!.reduce((sum, w) => sum + rank[w]! / neighbours[w]!.length, 0);
      return 0.15 / n + 0.85 * (received + idle / n);
    });
    const change = next.reduce((sum, value, v) => sum + Math.abs(value - rank[v]!), 0);
    rank = next;
    if (change < n * 1e-15) break;
  }
  return rank;
}
