import type { StudyInMemory } from '../data/study.ts';

/** A reference and a query whose labels and planted features are known, for the sample study, tests and benchmarks. */
export interface SimulatedPair {
  /** RNA counts; cell column `cell_type`. */
  readonly reference: StudyInMemory;
  /** Gene activity of other cells on the same genes; cell column `true_label`, for scoring only. */
  readonly query: StudyInMemory;
  /** Peak counts of the query's cells (same cell ids, same order). */
  readonly queryPeaks: StudyInMemory;
  readonly truth: {
    /** [reference cells] */
    readonly reference: readonly string[];
    /** [query cells] */
    readonly query: readonly string[];
    /** All labels; `novel` is the one the reference lacks, null if it has all. */
    readonly labels: readonly string[];
    readonly novel: string | null;
    /** Pairs of labels that share most of their programme. */
    readonly closePairs: readonly (readonly [string, string])[];
    /** Genes raised in a label by design, largest effect first. */
    readonly markers: Readonly<Record<string, readonly string[]>>;
    /** Genes whose activity does not follow expression in the query. */
    readonly uninformative: readonly string[];
  };
  readonly options: SimulationOptions;
}

export interface SimulationOptions {
  readonly seed: number;
  readonly genes: number;
  readonly peaks: number;
  readonly referenceCells: number;
  readonly queryCells: number;
  /** Whether one label is left out of the reference. */
  readonly novelLabel: boolean;
  /** Distance of the query's values from expression: 0 none (RNA-like), 0.7 like gene activity, 1 severe. */
  readonly gap: number;
  /** Over-dispersion φ of the counts: variance = mean + φ·mean². */
  readonly dispersion: number;
  /** How clearly peaks tell labels apart: 0 not at all, 1 as in good data. */
  readonly peakSignal: number;
}
