import type { NeighbourGraph } from '../data/aligned-pair.ts';

/**
 * How often a cell's neighbours share its label ("kNN correct ratio"): for each cell the fraction of its
 * neighbours with the same label, averaged over the cells. Between 0 and 1; says how well the graph keeps the true
 * types apart, and so how much a method can gain from it. Cells and neighbours without a label do not count.
 *
 * @param labels [cells] label numbers or names; −1 or null is missing
 * @returns NaN where no labelled cell has a labelled neighbour
 */
export function neighbourAgreement(graph: NeighbourGraph, labels: ArrayLike<number | string | null>): number {
  let sum = 0;
  let cells = 0;
  const known = (label: number | string | null | undefined): boolean =>
    label !== null && label !== undefined && label !== -1;
  for (let cell = 0; cell < labels.length; cell++) {
    if (!known(labels[cell])) continue;
    let same = 0;
    let seen = 0;
    for (let i = cell * graph.k; i < (cell + 1) * graph.k; i++) {
      const label = labels[graph.indices[i]!];
      if (!known(label)) continue;
      seen++;
      if (label === labels[cell]) same++;
    }
    if (seen === 0) continue;
    sum += same / seen;
    cells++;
  }
  return cells === 0 ? NaN : sum / cells;
}
