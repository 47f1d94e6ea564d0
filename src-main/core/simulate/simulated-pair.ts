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
    /** Labels that either study holds; `novel` is the first that the reference lacks, null if it has all. */
    readonly labels: readonly string[];
    readonly novel: string | null;
    /** Pairs of labels that share most of their programme. */
    readonly closePairs: readonly (readonly [string, string])[];
    /** Genes raised in a label by design, largest effect first. */
    readonly markers: Readonly<Record<string, readonly string[]>>;
    /** Genes whose activity does not follow expression in the query. */
    readonly uninformative: readonly string[];
    /** The gene sets that expression was drawn through, those of the labels first; none without `geneSets`. */
    readonly geneSets: readonly (readonly string[])[];
  };
  readonly options: SimulationOptions;
}

export interface SimulationOptions extends SimulationTwists {
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

/** Departures from the standard pair, for experiments in which one thing alone is made harder. Without one the pair is the standard one, to the bit. */
export interface SimulationTwists {
  /** Shares of the query's cells per label, in the order of `simulatedLabels`; any scale, 0 leaves the label out. Without it those of the table. */
  readonly queryShares?: readonly number[];
  /** The same for the reference, so that the studies can hold labels in other shares. Without it the query's, the novel label left out. */
  readonly referenceShares?: readonly number[];
  /** What the labels of a close pair keep of each other's programme and their own, 0…1 (0.6). */
  readonly blend?: number;
  /** Factor on the log effects of labels in the query, 0…3: attenuation (0.6 − 0.15·gap). */
  readonly attenuation?: number;
  /** Standard deviation, in log units, of what each gene is scaled by in the query, 0…3 (`gap`). */
  readonly bias?: number;
  /** Share of genes whose values in the query do not follow the label at all, 0…1 (0.35·gap). */
  readonly uninformative?: number;
  /** Background in the query, 0…10: counts with a mean of `ambient`·e_g at depth 1, e_g exponential with mean 1 and the same in all cells, come on top of the cell's own (0). */
  readonly ambient?: number;
  /** Mean log depth of the query, −5…3 (−0.7): lower is shallower. */
  readonly queryDepth?: number;
  /** Gives each query cell the peaks of a random other one, so that neighbours by peaks say nothing. */
  readonly shuffledPeaks?: boolean;
  /** What the query's values are called; `rna` makes it a pair of one modality. */
  readonly queryModality?: 'gene-activity' | 'rna';
  /**
   * Draws expression through so many gene sets, at least one per label: a label raises the genes of its own set, and every set goes up and down in
   * each cell by Normal(0, `setActivity`) on the log scale, in both studies. Without it labels raise genes of their own and no set moves.
   */
  readonly geneSets?: number;
  /** Genes per set (as many as a label raises). */
  readonly setSize?: number;
  /** See `geneSets` (0.5). */
  readonly setActivity?: number;
}
