import type { WireError } from '#core/base/app-error';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { ConsensusAccount } from '#core/data/consensus-account';
import type { TuningRecord } from '#core/data/tuning-record';
import type { Scenario } from '#core/data/scenario';

export const runStates = ['queued', 'running', 'finished', 'cancelled', 'paused', 'failed', 'interrupted'] as const;
export type RunState = (typeof runStates)[number];

/** One line of the list of runs. */
export interface RunSummary {
  readonly runId: string;
  readonly state: RunState;
  readonly method: string;
  readonly label: string;
  /** Name of the reference and the query file, without folders. */
  readonly reference: string;
  readonly query: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly endedAt: string | null;
  /** Why it failed, as it was stored; left out for all other states. */
  readonly error?: WireError;
}

/** What a finished run gave, in the form the result screens draw from. */
export interface RunResult {
  readonly runId: string;
  readonly facts: RunFacts;
  /** [labels] of the reference, in code-point order. Numbers of labels below point here. */
  readonly labels: readonly string[];
  /** One row per label, in the order of `labels`. */
  readonly labelTable: readonly LabelCount[];
  /** Query cells shown as Unknown: their confidence does not exceed the threshold, or they are empty. */
  readonly unknown: number;
  readonly query: ResultCells & {
    /** [query cells] number of the most probable label. */
    readonly predicted: Int32Array;
    /** [query cells] 0…1 */
    readonly confidence: Float32Array;
    /** Cells without any value in the shared features, by place, rising: always Unknown. */
    readonly empty: Int32Array;
    /** The query's own labels, where a truth column was named: `codes[cell]` points into `categories`, −1 is missing. */
    readonly truth: { readonly categories: readonly string[]; readonly codes: Int32Array } | null;
  };
  readonly reference: ResultCells & {
    /** [reference cells] number of each cell's label. */
    readonly label: Int32Array;
  };
  /** The map of both studies before training; null if none was made, as in runs of earlier versions. */
  readonly before: BeforeTraining | null;
  /** The loss terms of training, the total first; none of methods without steps. */
  readonly curves: readonly LossCurve[];
}

/** One loss term over the steps. Of long trainings each place is the mean of equally many steps. */
export interface LossCurve {
  readonly name: string;
  /** [places] rising. */
  readonly steps: readonly number[];
  /** [places] */
  readonly values: readonly number[];
}

export interface BeforeTraining {
  /** Rising places of the cells laid out: reference cells first, then query cells. All, or a sample of very many. */
  readonly cells: Int32Array;
  /** [cells laid out, 2] */
  readonly layout: Float32Array;
  /** What was laid out: "50 principal components". */
  readonly how: string;
}

export interface ResultCells {
  readonly cells: number;
  /** [cells, 2] row by row: the map of the learned space, reference and query together; null if none was made. */
  readonly layout: Float32Array | null;
}

export interface LabelCount {
  readonly label: string;
  readonly referenceCells: number;
  /** Query cells for which this label is the most probable. */
  readonly predictedCells: number;
  /** Those of them that are not shown as Unknown. */
  readonly acceptedCells: number;
  /** Mean confidence of `predictedCells`; null if there are none. */
  readonly meanConfidence: number | null;
}

/** What was done, with which settings, and how long it took. */
export interface RunFacts {
  readonly version: string;
  readonly scenario: Scenario;
  /** Why this scenario: chosen, or by what it was suggested. */
  readonly scenarioReason: string;
  readonly method: string;
  readonly preset: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly engine: string;
  readonly threshold: number;
  readonly features: number;
  readonly steps: number;
  /** Over the query cells whose true label is among the reference labels (`cellsScored`); null without truth. */
  readonly metrics: {
    readonly accuracy: number | null;
    readonly macroF1: number | null;
    readonly cellsScored: number;
    readonly cellsWithTruth: number;
  } | null;
  /** What tuning tried; null where nothing was tuned. */
  readonly tuning: TuningRecord | null;
  /** What speaks for the members of a consensus; null of a method that is none. */
  readonly consensus: ConsensusAccount | null;
  /** Seconds per stage. */
  readonly timings: Readonly<Record<string, number>>;
  readonly peakRssBytes: number;
  readonly notes: readonly PreparationNote[];
}

/** Some rows of the table of query cells. */
export interface LabelPage {
  /** Rows in all, under the filter asked for. */
  readonly total: number;
  readonly rows: readonly LabelRow[];
}

export interface LabelRow {
  /** Place of the cell in the query. */
  readonly place: number;
  readonly cell: string;
  /** The most probable label. */
  readonly predicted: string;
  readonly confidence: number;
  /** `predicted`, or Unknown under the threshold of the run. */
  readonly label: string;
  /** The query's own label, where a truth column was named. */
  readonly truth: string | null;
}

/** What an export wrote. */
export interface ExportedRun {
  readonly directory: string;
  /** Paths of the files. */
  readonly files: readonly string[];
  /** Files that could not be made, with the reason. */
  readonly omitted: readonly { readonly name: string; readonly reason: string }[];
}

/** A run that computes or waits. */
export interface QueueLine {
  readonly projectPath: string;
  readonly projectName: string;
  readonly run: RunSummary;
}
