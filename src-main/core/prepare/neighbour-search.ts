import type { CancelSignal } from '../base/cancel.ts';
import type { NeighbourGraph } from '../data/aligned-pair.ts';

/** How far two cells lie apart: Σ|x−y| or √Σ(x−y)². */
export type NeighbourDistance = 'manhattan' | 'euclidean';

/** A neighbour graph with the distance of every neighbour: `distances` is [cells, k] row by row, rising within a row. */
export interface NeighboursWithDistances extends NeighbourGraph {
  readonly distances: Float32Array;
}

export interface NeighbourSearchOptions {
  /** Decides what an approximate search leaves to chance; an exact one does not look at it. */
  readonly seed?: number;
  readonly signal?: CancelSignal;
  /** Fraction done, 0…1. Work waits for a promise given back, which lets the caller see to messages meanwhile. */
  readonly progress?: (fraction: number) => void | Promise<void>;
}

/** Finds for each cell its k nearest other cells. Same values, same answer, bit for bit. */
export interface NeighbourSearch {
  /** For the Methods text: "exact" or the name of the index. */
  describe(cells: number): string;
  /**
   * @param values [cells, width] row by row, finite
   * @param k 1 … cells − 1
   * @returns the k nearest other cells of each cell, nearest first, ties by cell number
   */
  search(
    values: Float32Array,
    width: number,
    k: number,
    distance: NeighbourDistance,
    options?: NeighbourSearchOptions,
  ): Promise<NeighboursWithDistances>;
}
