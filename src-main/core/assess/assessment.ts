/**
 * How well predicted labels agree with true ones. Plain JSON; a number is null where it is not defined
 * (no cells to score, no novel label, one label only), never 0 or NaN instead.
 *
 * "Shared" labels occur among the reference labels, "novel" ones only in the query. Closed-set numbers count cells of
 * shared labels only and score the most probable label, whatever its confidence; predictions may be any reference label.
 */
export interface Assessment {
  readonly cells: {
    readonly query: number;
    /** Cells whose truth is known; all numbers below are computed on these or on a part of them. */
    readonly withTruth: number;
    readonly shared: number;
    readonly novel: number;
  };
  /** Labels of the truth that the reference has, in code-point order. */
  readonly sharedLabels: readonly string[];
  /** Labels of the truth that the reference lacks. */
  readonly novelLabels: readonly string[];
  /** Reference labels that no cell of the truth carries. */
  readonly absentLabels: readonly string[];
  /** Closed set: over cells of shared labels. */
  readonly closed: Agreement;
  /** Share of all cells with truth that are right; cells of novel labels count as wrong. */
  readonly overallAccuracy: number | null;
  readonly rare: readonly RareScore[];
  /** Detection of cells of novel labels by 1 − confidence; null without novel or without shared cells. */
  readonly novelty: NoveltyScores | null;
  /** What the threshold does to accepted and rejected cells; null without confidences. */
  readonly rejection: RejectionScores | null;
  /** Separation of labels and mixing of studies in the embedding; null when not asked for. */
  readonly embedding: EmbeddingScores | null;
  /** Closed-set and novel cells, true × predicted. */
  readonly confusion: ConfusionMatrix;
}

/** Agreement of two labellings of the same cells. */
export interface Agreement {
  readonly cells: number;
  readonly accuracy: number | null;
  /** Mean F1 over the union of true and predicted labels (what scikit-learn's `f1_score(average="macro")` gives). */
  readonly macroF1: number | null;
  /** Mean F1 over the true labels only: a label that was predicted and never true does not count as one more zero. */
  readonly macroF1TrueLabels: number | null;
  readonly macroPrecision: number | null;
  readonly macroRecall: number | null;
  readonly weightedPrecision: number | null;
  readonly weightedRecall: number | null;
  readonly weightedF1: number | null;
  readonly labels: readonly LabelScore[];
  readonly ari: number | null;
  readonly mutualInformation: number | null;
  readonly expectedMutualInformation: number | null;
  readonly nmiArithmetic: number | null;
  readonly nmiGeometric: number | null;
  readonly amiMax: number | null;
  readonly amiArithmetic: number | null;
}

export interface LabelScore {
  readonly label: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** True cells of the label. */
  readonly support: number;
  /** Cells that were given the label. */
  readonly predicted: number;
}

/** Mean F1 over labels whose share of the truth lies above 0 and below the threshold. */
export interface RareScore {
  /** 0.1, 0.05, 0.03 or 0.01 */
  readonly below: number;
  readonly labels: readonly string[];
  readonly meanF1: number | null;
}

export interface NoveltyScores {
  readonly auroc: number;
  readonly aupr: number;
  /** Share of novel cells: what a random score reaches as AUPR. */
  readonly auprBaseline: number;
  readonly oscr: number;
  /** OSCR as counted by the published code of the method papers, for comparison only. */
  readonly oscrReference: number;
}

export interface RejectionScores {
  readonly threshold: number;
  /** Shared cells whose confidence exceeds the threshold, and how many of them are right. */
  readonly sharedAccepted: number;
  readonly sharedAcceptedRight: number;
  /** Novel cells that were shown as Unknown. */
  readonly novelRejected: number;
}

export interface EmbeddingScores {
  /** Silhouette of true labels (reference labels and query truth): higher is better. */
  readonly silhouetteLabel: number | null;
  /** Silhouette of the study of origin: closer to 0 is better mixed. */
  readonly silhouetteStudy: number | null;
  /** Cells that were used, of how many; a stratified sample where there are more than 5 000. */
  readonly cellsUsed: number;
  readonly cellsTotal: number;
}

export interface ConfusionMatrix {
  /** True labels. */
  readonly rows: readonly string[];
  /** Predicted labels. */
  readonly columns: readonly string[];
  /** [rows × columns] cells, row by row. */
  readonly counts: readonly number[];
}
