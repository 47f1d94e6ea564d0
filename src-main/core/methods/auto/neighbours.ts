import type { NeighbourGraph } from '../../data/aligned-pair.ts';

/** Rounds in which probabilities are handed on; with a strength of 0.9 the tenth adds a third of what the first did. */
const ROUNDS = 10;

/**
 * How far neighbours share a label, beyond what chance would give: (a − c)/(1 − c), a the share of neighbours with the cell's
 * own label, c = Σ_k (share of label k)². 1 where they always do, about 0 where the graph knows nothing of the labels, and
 * 0 where there are no neighbours or one label only.
 *
 * Source: the form of Cohen's kappa (1960, doi:10.1177/001316446002000104).
 *
 * @param label [cells]
 */
export function neighbourAgreement(label: Int32Array, labels: number, { k, indices }: NeighbourGraph): number {
  if (k === 0 || label.length === 0) return 0;
  const shares = new Float64Array(labels);
  for (const own of label) shares[own]! += 1 / label.length;
  const chance = shares.reduce((sum, share) => sum + share * share, 0);
  if (chance > 1 - 1e-9) return 0;
  let alike = 0;
  for (let i = 0; i < indices.length; i++) if (label[indices[i]!] === label[Math.floor(i / k)]) alike++;
  return (alike / indices.length - chance) / (1 - chance);
}

/** The strength that an agreement of neighbours deserves: its square, nothing where it is not above chance. */
export function strengthOf(agreement: number): number {
  return Math.max(0, agreement) ** 2;
}

/**
 * Probabilities handed on between neighbours: F ← s·(mean of F over the cell's neighbours) + (1 − s)·P, ten times from F = P.
 * Rows still sum to 1; with s = 0 or without neighbours they stay as they are.
 *
 * Source: Zhou et al. 2003, Learning with local and global consistency (NIPS 16), on the directed graph with rows that sum to 1.
 *
 * @param probabilities P [cells, labels] row by row
 * @param strength s, 0…1
 */
export function spread(
  probabilities: Float32Array,
  labels: number,
  { k, indices }: NeighbourGraph,
  strength: number,
): Float32Array {
  if (strength === 0 || k === 0) return probabilities;
  const cells = probabilities.length / labels;
  let from = probabilities;
  for (let round = 0; round < ROUNDS; round++) {
    const to = probabilities.map((p) => (1 - strength) * p);
    for (let cell = 0; cell < cells; cell++) {
      for (let i = 0; i < k; i++) {
        const at = indices[cell * k + i]! * labels;
        for (let c = 0; c < labels; c++) to[cell * labels + c]! += (strength / k) * from[at + c]!;
      }
    }
    from = to;
  }
  return from;
}
