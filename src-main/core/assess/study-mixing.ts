import type { NeighbourGraph } from '../data/aligned-pair.ts';

/**
 * How mixed two studies are: the share of a cell's neighbours that are of the other study, divided by the share of the other study
 * among all other cells; mean over the cells of a study, then over the two. 1 as in a random mixture, 0 where no cell has a
 * neighbour of the other study, above 1 where studies seek each other. What iLISI (Korsunsky et al. 2019,
 * doi:10.1038/s41592-019-0619-0) tells, without its dependence on the sizes of the studies.
 *
 * @param graph [cells, k] of both studies together
 * @param study [cells] 0 or 1
 * @returns null where one of the studies has no cells, or k is 0
 */
export function neighbourMixing({ k, indices }: NeighbourGraph, study: ArrayLike<number>): number | null {
  const cells = study.length;
  if (indices.length !== cells * k) {
    throw new RangeError(`neighbourMixing: ${indices.length} neighbours for ${cells} cells with ${k} each`);
  }
  const sizes = [0, 0];
  for (let cell = 0; cell < cells; cell++) sizes[study[cell]!]!++;
  if (sizes[0] === 0 || sizes[1] === 0 || k === 0) return null;
  const other = [0, 0];
  for (let cell = 0; cell < cells; cell++) {
    for (let i = cell * k; i < (cell + 1) * k; i++) if (study[indices[i]!] !== study[cell]) other[study[cell]!]!++;
  }
  const relative = [0, 1].map((own) => {
    const share = other[own]! / (sizes[own]! * k);
    return share / (sizes[1 - own]! / (cells - 1));
  });
  return (relative[0]! + relative[1]!) / 2;
}
