import type { NeighbourDistance } from '#core/prepare/neighbour-search';

/** A cell that may be a neighbour, and how far it is. */
export interface RankedCandidate {
  readonly other: number;
  readonly apart: number;
}

/** Candidates of one cell with their distances summed in float64, nearest first, ties by cell number. */
export function rankCandidates(
  values: Float32Array,
  width: number,
  cell: number,
  candidates: Int32Array,
  distance: NeighbourDistance,
): RankedCandidate[] {
  const ranked = Array.from(candidates, (other) => {
    let sum = 0;
    for (let d = 0; d < width; d++) {
      const gap = values[cell * width + d]! - values[other * width + d]!;
      sum += distance === 'manhattan' ? Math.abs(gap) : gap * gap;
    }
    return { other, apart: distance === 'manhattan' ? sum : Math.sqrt(sum) };
  });
  return ranked.sort((a, b) => a.apart - b.apart || a.other - b.other);
}
