import type { NeighbourGraph } from '../../data/aligned-pair.ts';
import { likeliest } from '../../train/hold-out.ts';

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
export function neighbourAgreement(label: Int32Array, labels: number, graph: NeighbourGraph): number {
  if (graph.k === 0 || label.length === 0) return 0;
  const { alike, chance } = shared(label, labels, graph);
  return chance > 1 - 1e-9 ? 0 : (alike - chance) / (1 - chance);
}

/**
 * Standard error of that agreement, √(a(1 − a)/cells)/(1 − c): of the binomial distribution, with each cell counting once, for
 * the neighbours of one cell share its fate. 0 where the agreement is 0 by definition.
 */
export function agreementError(label: Int32Array, labels: number, { k, indices }: NeighbourGraph): number {
  const { alike, chance } = shared(label, labels, { k, indices });
  if (k === 0 || label.length === 0 || chance > 1 - 1e-9) return 0;
  return Math.sqrt((alike * (1 - alike)) / label.length) / (1 - chance);
}

/** a and c of the agreement. */
function shared(label: Int32Array, labels: number, { k, indices }: NeighbourGraph): { alike: number; chance: number } {
  const shares = new Float64Array(labels);
  for (const own of label) shares[own]! += 1 / label.length;
  let alike = 0;
  for (let i = 0; i < indices.length; i++) if (label[indices[i]!] === label[Math.floor(i / k)]) alike++;
  return { alike: alike / Math.max(indices.length, 1), chance: shares.reduce((sum, share) => sum + share * share, 0) };
}

/**
 * The same for the cells of each label: (a_k − c_k)/(1 − c_k), a_k the share of their neighbours with the label k, c_k the share
 * of all cells with it. 0 for a label without cells and for one that all cells have: [labels].
 */
export function agreementPerLabel(label: Int32Array, labels: number, { k, indices }: NeighbourGraph): Float64Array {
  const [cells, alike] = [new Float64Array(labels), new Float64Array(labels)];
  for (const own of label) cells[own]!++;
  for (let i = 0; i < indices.length; i++) {
    const own = label[Math.floor(i / k)]!;
    if (label[indices[i]!] === own) alike[own]!++;
  }
  return cells.map((count, own) => {
    const chance = count / label.length;
    if (count === 0 || count === label.length || k === 0) return 0;
    return (alike[own]! / (k * count) - chance) / (1 - chance);
  });
}

/**
 * How strongly each cell listens to its neighbours: the square of the agreement of its most probable label, nothing where that is
 * not above chance. Labels that lie together in the query's own space settle; scattered and rare ones are left as they were found.
 *
 * @param probabilities [cells, labels] row by row
 * @returns [cells] 0…1
 */
export function strengths(probabilities: Float32Array, labels: number, graph: NeighbourGraph): Float32Array {
  const label = likeliest(probabilities, labels);
  const agreement = agreementPerLabel(label, labels, graph);
  return Float32Array.from(label, (own) => Math.max(0, agreement[own]!) ** 2);
}

/**
 * Probabilities handed on between neighbours: F ← s·(mean of F over the cell's neighbours) + (1 − s)·P, ten times from F = P.
 * Rows still sum to 1; a cell with s = 0 keeps its own.
 *
 * Source: Zhou et al. 2003, Learning with local and global consistency (NIPS 16), on the directed graph with rows that sum to 1
 * and a strength for each cell.
 *
 * @param probabilities P [cells, labels] row by row
 * @param strength s [cells], 0…1
 */
export function spread(
  probabilities: Float32Array,
  labels: number,
  { k, indices }: NeighbourGraph,
  strength: Float32Array,
): Float32Array {
  if (k === 0) return probabilities;
  let from = probabilities;
  for (let round = 0; round < ROUNDS; round++) {
    const to = new Float32Array(probabilities.length);
    strength.forEach((s, cell) => {
      const own = cell * labels;
      for (let c = own; c < own + labels; c++) to[c] = (1 - s) * probabilities[c]!;
      for (let i = cell * k; i < (cell + 1) * k; i++) {
        const at = indices[i]! * labels;
        for (let c = 0; c < labels; c++) to[own + c]! += (s / k) * from[at + c]!;
      }
    });
    from = to;
  }
  return from;
}
