import type { PreparationNote } from '#core/data/aligned-pair';
import type { ConsensusAccount } from '#core/data/consensus-account';
import type { LabelPatterns } from '#core/data/label-patterns';
import type { TuningRecord } from '#core/data/tuning-record';
import type { Scenario } from '#core/data/scenario';
import type { KeyGeneHits } from '#core/assess/key-gene-hits';
import type { ModelCard } from '#core/train/model-card';
import type { Assessment } from '#core/assess/assessment';
import type { ConfidenceQuartiles } from '#core/transfer/confidence-quartiles';
import type { CellColumnsNote } from './cell-columns.ts';
import type { FigureData } from '#core/figures/figure-data';
import type { DeterminantFeature } from '#core/interpret/determinant-feature';

/**
 * What a finished run leaves behind: a summary, documents (JSON) and arrays, under the names below.
 * The project stores them as they are; the result screens, the export and the command line all read this.
 */
export interface RunRecord {
  readonly summary: RunSummaryFile;
  readonly documents: RunDocuments;
  readonly arrays: RunArrays;
}

export interface NumberArray {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Float64Array;
}

/** Arrays of a run by name. */
export interface RunArrays extends Readonly<Record<string, NumberArray>> {
  /** [query cells, width] */
  readonly 'query/embedding': NumberArray;
  /** [query cells, labels] rows sum to 1 */
  readonly 'query/probabilities': NumberArray;
  /** [query cells] number of the most probable label */
  readonly 'query/predicted': NumberArray;
  /** [query cells] 0…1 */
  readonly 'query/confidence': NumberArray;
  /** [reference cells, width] */
  readonly 'reference/embedding': NumberArray;
  /** [reference cells] number of each cell's label */
  readonly 'reference/label': NumberArray;
  /** [reference cells + query cells, 2] UMAP of the learned space, reference first; absent where no figures were asked for */
  readonly 'layout/umap'?: NumberArray;
  /** Rows of `layout/umap` that were laid out, rising; the others were put among them. Absent where all were laid out. */
  readonly 'layout/sketch'?: NumberArray;
  /** [cells of the row below, 2] UMAP of both studies before training; absent where no figures were asked for, and in the first runs that were stored */
  readonly 'layout/raw'?: NumberArray;
  /** Rising places of its cells among reference and query: all, or a sample of very many. */
  readonly 'layout/raw-cells'?: NumberArray;
}

export interface RunDocuments {
  /** Ids as in the user's files, and the distinct labels. */
  readonly cells: {
    readonly reference: readonly string[];
    readonly query: readonly string[];
    readonly labels: readonly string[];
  };
  /** [query cells] true labels where a truth column was named, else null. */
  readonly truth: readonly (string | null)[] | null;
  /** [query cells] cells without any value in the shared features: always Unknown. Their places, rising. */
  readonly emptyCells: readonly number[];
  readonly markers: readonly DeterminantFeature[];
  /** Gene sets and key genes per label; of methods that read cells through gene sets only. */
  readonly patterns?: LabelPatterns;
  readonly figures: readonly FigureData[];
  readonly assessment: Assessment | null;
  /** Markers of the query's true labels among the determinant features. Absent in the first runs that were stored. */
  readonly keyGenes?: readonly KeyGeneHits[];
  readonly notes: readonly PreparationNote[];
  /** [steps] loss terms as they were reported. */
  readonly losses: { readonly steps: readonly number[]; readonly terms: Readonly<Record<string, readonly number[]>> };
  /** Kind and JSON description of the trained model; its arrays are those named `model/…`. */
  readonly model: { readonly kind: string; readonly description: unknown };
  /** How the model came about and what labelling with it needs. Absent in the first runs that were stored, and where a saved model labelled. */
  readonly modelCard?: ModelCard;
  /** [features] names of the features that the method saw. Absent in the first runs that were stored. */
  readonly trainedFeatures?: readonly string[];
  /** How `layout/raw` was made: the space, in words. */
  readonly rawMap?: { readonly how: string };
  /** What the explorers read, or why it is not there. Absent in the first runs that were stored. */
  readonly explorers?: ExplorerNote;
  /** The studies' own columns of cells. Absent in the first runs that were stored, and where the disk had no room. */
  readonly cellColumns?: CellColumnsNote;
}

/** `features` are those of the query, in the order of its values by feature; none where `missing` says why. */
export interface ExplorerNote {
  readonly features: readonly string[];
  /** [trained features] place of each among `features`; −1 where none is found. */
  readonly trained: readonly number[];
  readonly missing: string | null;
}

/** summary.json: stable, others script against it. Times in seconds, sizes in bytes. */
export interface RunSummaryFile {
  readonly version: string;
  readonly scenario: Scenario;
  readonly scenario_reason: string;
  readonly method: string;
  readonly preset: string;
  /** As trained with: where settings were tuned, those that were chosen. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What tuning tried; absent where nothing was tuned. */
  readonly tuning?: TuningRecord;
  readonly seed: number;
  readonly engine: string;
  readonly threshold: number;
  readonly inputs: readonly RunInput[];
  /** Where a saved model labelled: where that comes from. The method, preset, settings and seed are those it was trained with. */
  readonly model?: ModelOrigin;
  readonly cells: { readonly reference: number; readonly query: number };
  readonly features: number;
  /** Confidences that a quarter, a half and three quarters of the query cells reach; null where no cell has a value. Absent in the first runs that were stored. */
  readonly confidence?: ConfidenceQuartiles | null;
  /** Query cells per label: by the most probable label, and as shown under the threshold (with `Unknown`). */
  readonly label_counts: {
    readonly predicted: Readonly<Record<string, number>>;
    readonly shown: Readonly<Record<string, number>>;
  };
  readonly metrics: RunMetrics | null;
  /** Of a consensus of several methods only: what speaks for its members, without any label of the query. */
  readonly consensus?: ConsensusAccount;
  readonly timings: Readonly<Record<string, number>>;
  readonly peak_rss_bytes: number;
  readonly steps: number;
  readonly ended: string;
  readonly notes: readonly PreparationNote[];
}

/** What a model file says of the run that trained it. */
export interface ModelOrigin {
  /** Name of the file. */
  readonly file: string;
  /** Version of the application that trained it. */
  readonly made_by: string;
  readonly reference: { readonly name: string; readonly cells: number; readonly label: string };
  /** The query that it was trained with. */
  readonly query: { readonly name: string; readonly cells: number };
  readonly inputs: ModelCard['inputs'];
  /** Features of the model that the labelled query lacks; they count as zero. */
  readonly missing_features: number;
}

export interface RunInput {
  readonly role:
    | 'reference'
    | 'query'
    | 'query-peaks'
    | 'labels'
    | 'barcodes'
    | 'annotation'
    | 'peaks'
    | 'chain'
    | 'gene-sets'
    | 'model';
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * `accuracy` and `macro_f1` are over query cells whose true label is among the reference labels. `macro_f1` is the mean F1
 * of these shared labels; `macro_f1_union` counts labels that were predicted and are never true as further zeros.
 */
export interface RunMetrics {
  readonly cells_with_truth: number;
  readonly cells_scored: number;
  readonly accuracy: number | null;
  readonly macro_f1: number | null;
  readonly macro_f1_union: number | null;
  readonly overall_accuracy: number | null;
  readonly novelty_auroc: number | null;
  readonly novelty_aupr: number | null;
  readonly oscr: number | null;
}
