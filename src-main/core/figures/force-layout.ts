import { Random } from '../base/random.ts';

/** Lines between nodes, by their places; `weight` > 0 draws its ends together the more the larger it is. */
export interface Spring {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

const ROUNDS = 300;

/**
 * Nodes of a graph in the plane, linked ones near each other: Fruchterman & Reingold 1991 (doi:10.1002/spe.4380211102).
 * All nodes repel with 1/d, springs pull with weight·d², a weak pull towards the middle keeps parts without links together, and the
 * longest step shrinks to nothing over 300 rounds. Units are the distance of two free nodes. Same graph, same places.
 * Time grows with nodes² per round: for some hundred nodes.
 *
 * @returns [nodes] across and down, in the order of the nodes
 */
export function forceLayout(nodes: number, springs: readonly Spring[], seed = 1): [number, number][] {
  const random = Random.forPurpose(seed, 'places of a graph');
  const side = Math.sqrt(Math.max(1, nodes));
  const places = Array.from({ length: nodes }, (): [number, number] => [
    side * (random.uniform() - 0.5),
    side * (random.uniform() - 0.5),
  ]);
  for (let round = 0; round < ROUNDS; round++) {
    const moves = places.map(([x, y]): [number, number] => [-0.06 * x, -0.06 * y]);
    for (let i = 0; i < nodes; i++) {
      for (let j = i + 1; j < nodes; j++) push(places, moves, i, j, (d) => 1 / Math.max(d, 0.05));
    }
    for (const { from, to, weight } of springs) push(places, moves, from, to, (d) => -weight * d * d);
    const longest = 0.3 * side * (1 - round / ROUNDS);
    moves.forEach(([dx, dy], node) => {
      const length = Math.hypot(dx, dy);
      const step = length > longest ? longest / length : 1;
      places[node]![0] += dx * step;
      places[node]![1] += dy * step;
    });
  }
  return places;
}

/** Moves two nodes apart by `force` of their distance (together where it is negative). */
function push(
  places: readonly [number, number][],
  moves: [number, number][],
  a: number,
  b: number,
  force: (distance: number) => number,
): void {
  const dx = places[b]![0] - places[a]![0];
  const dy = places[b]![1] - places[a]![1];
  const distance = Math.hypot(dx, dy);
  if (distance < 1e-9) return;
  const by = force(distance) / distance;
  moves[a]![0] -= by * dx;
  moves[a]![1] -= by * dy;
  moves[b]![0] += by * dx;
  moves[b]![1] += by * dy;
}
