import type { NeighbourGraph } from '../data/aligned-pair.ts';

/** How groups of cells hang together in a neighbour graph. */
export interface LabelConnectivities {
  readonly labels: number;
  /** [labels] cells of each. */
  readonly cells: readonly number[];
  /** [labels, labels] row by row, symmetric, 0 on the diagonal, each 0…1. */
  readonly values: Float64Array;
}

/**
 * Partition-based graph abstraction: how much more than by chance the cells of two labels are each other's neighbours,
 *
 *     c_ij = min(1, (ε_ij + ε_ji) / ((ε_i·n_j + ε_j·n_i)/(n − 1)))
 *
 * ε_ij the links from cells of i to cells of j, ε_i all links that leave cells of i (those inside i too), n_i cells, n their sum.
 * The divisor is what links with random ends would give. 1 where labels are as mixed as by chance, 0 where no link joins them;
 * where no cell of either has a link, 0. Cells without a label, and all links from or to them, do not count. A label without cells
 * has 0 with all.
 *
 * Source: Wolf et al. 2019, PAGA (doi:10.1186/s13059-019-1663-x), the model of scanpy's version 1.2. Time grows with the links.
 *
 * @param graph of the cells, [cells, k]
 * @param label [cells] number of each cell's label, −1 for none
 * @param labels how many labels there are
 * @throws RangeError when the graph is not one of these cells
 */
export function labelConnectivities(
  graph: NeighbourGraph,
  label: ArrayLike<number>,
  labels: number,
): LabelConnectivities {
  const { k, indices } = graph;
  if (indices.length !== k * label.length) {
    throw new RangeError(`labelConnectivities: ${indices.length} neighbours for ${label.length} cells with ${k} each`);
  }
  const cells = new Array<number>(labels).fill(0);
  const leaving = new Float64Array(labels);
  const between = new Float64Array(labels * labels);
  for (let cell = 0; cell < label.length; cell++) {
    const own = label[cell]!;
    if (own < 0) continue;
    cells[own]!++;
    for (let i = cell * k; i < (cell + 1) * k; i++) {
      const other = label[indices[i]!]!;
      if (other < 0) continue;
      leaving[own]!++;
      between[own * labels + other]!++;
    }
  }
  const n = cells.reduce((sum, count) => sum + count, 0);
  const values = new Float64Array(labels * labels);
  for (let i = 0; i < labels; i++) {
    for (let j = i + 1; j < labels; j++) {
      const links = between[i * labels + j]! + between[j * labels + i]!;
      if (links === 0) continue;
      const expected = (leaving[i]! * cells[j]! + leaving[j]! * cells[i]!) / (n - 1);
      values[i * labels + j] = Math.min(1, links / expected);
      values[j * labels + i] = values[i * labels + j]!;
    }
  }
  return { labels, cells, values };
}
