import type { Scenario } from './scenario.ts';
import type { SparseRows } from './sparse-rows.ts';
import type { CellEmbedding } from './study.ts';

/**
 * Reference and query on the same ordered features, ready for a method.
 * `counts` are the values as read (raw where the study has raw), `input` what the network sees (binarised, log-normalised, …).
 */
export interface AlignedPair {
  readonly scenario: Scenario;
  /** [features] names shared by both sides, in matrix column order. */
  readonly features: readonly string[];
  /** [features] their ids in the reference; absent where the pair was not made from studies. */
  readonly featureIds?: readonly string[];
  /** [labels] distinct reference labels in code-point order; a label's number is its place here. */
  readonly labels: readonly string[];
  readonly reference: AlignedSide & {
    /** [reference cells] number of each cell's label. */
    readonly label: Int32Array;
  };
  readonly query: AlignedSide & {
    readonly neighbours: NeighbourGraph;
    /** The untrained space in which the neighbours were found, e.g. of the query's peaks: one row per cell. Absent where it was not kept. */
    readonly space?: CellEmbedding;
  };
  /** What was done, for the review page, the Methods text and summary.json. */
  readonly notes: readonly PreparationNote[];
}

export interface AlignedSide {
  /** [cells] ids as in the user's file. */
  readonly cells: readonly string[];
  /** [cells, features] */
  readonly counts: SparseRows;
  /** [cells, features] */
  readonly input: SparseRows;
  /**
   * [features] added to the input of every cell, stored or not: what centring leaves of a sparse matrix.
   * The network sees `input` + 1·`shift`ᵀ, which is never written out. Absent means no shift.
   */
  readonly shift?: Float32Array;
}

/** Rows as a network takes them. */
export type NetworkRows = Pick<AlignedSide, 'input' | 'shift'>;

/** For each cell its `k` nearest other cells, nearest first: `indices` is [cells, k] row by row. */
export interface NeighbourGraph {
  readonly k: number;
  readonly indices: Int32Array;
}

export interface PreparationNote {
  readonly step: string;
  readonly text: string;
  /** `warning` is shown beside the result; `info` in the Methods text only. */
  readonly severity: 'info' | 'warning';
}
