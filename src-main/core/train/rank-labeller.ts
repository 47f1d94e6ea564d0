import type { CsrMatrix } from '../data/csr-matrix.ts';

/** Profiles with labels, and the features that tell the labels apart. */
export interface RankReference {
  /** [profiles, features] row by row */
  readonly profiles: Float32Array;
  readonly features: number;
  /** [profiles] number of each profile's label, each of 0 … labels − 1 at least once */
  readonly label: Int32Array;
  readonly labels: number;
  /** [labels × labels] features higher in label a than in label b, strongest first, at place a·labels + b; empty where a = b */
  readonly markers: readonly (readonly number[])[];
}

/** Labels by rank correlation with fine-tuning, and groups of like cells: what SingleR is made of. */
export interface RankLabeller {
  /**
   * The fine-tuned label of each cell and, before fine-tuning, its score for each label: the upper quantile of the Spearman
   * correlations with that label's profiles. Cells are [cells, features] in the features of the reference.
   */
  label(reference: RankReference, cells: CsrMatrix): Promise<{ predicted: Int32Array; scores: Float32Array }>;
  /** The group, 0 … groups − 1, of each of [cells, width] by k-means. Same values, same groups. @param groups 1 … cells */
  groups(values: Float32Array, width: number, groups: number): Promise<Int32Array>;
}

let provided: RankLabeller | null = null;

/** Names what labels by rank correlation in this process; done where engines are started, as kernels are registered. */
export function provideRankLabeller(labeller: RankLabeller): void {
  provided = labeller;
}

/** What was provided. @throws Error where nothing was: a fault of the caller */
export function rankLabeller(): RankLabeller {
  if (provided === null) throw new Error('rankLabeller: start an engine first');
  return provided;
}
