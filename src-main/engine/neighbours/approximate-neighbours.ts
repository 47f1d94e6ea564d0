import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '#core/base/cancel';
import type {
  NeighbourDistance,
  NeighbourSearch,
  NeighbourSearchOptions,
  NeighboursWithDistances,
} from '#core/prepare/neighbour-search';
import { rankCandidates } from './rank-candidates.ts';
import { openScran } from './scran-session.ts';

/** Candidates looked at per neighbour wanted; more find more of the true neighbours and take longer. */
const CANDIDATES_PER_NEIGHBOUR = 4;
/** Cells ranked between two looks at the cancel signal. */
const ROUND = 4096;

/**
 * Nearest neighbours by the approximate Euclidean index of scran.js (a navigable small-world graph, Malkov & Yashunin 2018,
 * doi:10.1109/TPAMI.2018.2889473). The index gives four candidates per neighbour, whose distances are then computed exactly and ranked:
 * that sharpens the Euclidean answer and makes the Manhattan one. The index has no random choice that a seed could set.
 */
export const approximateNeighbours: NeighbourSearch = {
  describe: () => 'approximate search (navigable small-world graph)',
  search: searchApproximately,
};

async function searchApproximately(
  values: Float32Array,
  width: number,
  k: number,
  distance: NeighbourDistance,
  options: NeighbourSearchOptions = {},
): Promise<NeighboursWithDistances> {
  const cells = values.length / width;
  if (!Number.isInteger(cells)) throw new RangeError(`approximateNeighbours: ${values.length} values, width ${width}`);
  if (!(k >= 1 && k < cells)) throw new RangeError(`approximateNeighbours: ${k} neighbours of ${cells} cells`);

  const scran = await openScran();
  throwIfCancelled(options.signal);
  const candidates = Math.min(k * CANDIDATES_PER_NEIGHBOUR, cells - 1);
  const index = scran.buildNeighborSearchIndex(values, {
    numberOfDims: width,
    numberOfCells: cells,
    approximate: true,
  });
  let found: { runs: Int32Array; indices: Int32Array };
  try {
    await options.progress?.(0.4);
    await setImmediate();
    throwIfCancelled(options.signal);
    const results = scran.findNearestNeighbors(index, candidates);
    found = results.serialize();
    results.free();
  } finally {
    index.free();
  }

  const indices = new Int32Array(cells * k);
  const distances = new Float32Array(cells * k);
  let run = 0;
  for (let cell = 0; cell < cells; cell++) {
    if (cell % ROUND === 0) {
      await options.progress?.(0.8 + (0.2 * cell) / cells);
      await setImmediate();
      throwIfCancelled(options.signal);
    }
    const ranked = rankCandidates(values, width, cell, found.indices.subarray(run, run + found.runs[cell]!), distance);
    if (ranked.length < k)
      throw new Error(`approximateNeighbours: cell ${cell} has ${ranked.length} candidates, not ${k}`);
    for (let i = 0; i < k; i++) {
      indices[cell * k + i] = ranked[i]!.other;
      distances[cell * k + i] = ranked[i]!.apart;
    }
    run += found.runs[cell]!;
  }
  await options.progress?.(1);
  return { k, indices, distances };
}
