import type { ArrayShape, DtypeName } from './stored-array.ts';

/**
 * `queued` waits for its turn, `running` has a compute process; the others have ended. `interrupted`: the process or the
 * computer went away. Interrupted, failed and cancelled runs can be resumed from their last checkpoint.
 */
export const runStatuses = ['queued', 'running', 'finished', 'cancelled', 'failed', 'interrupted'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** What is kept of an error: as `WireError`, which crosses process boundaries. */
export interface StoredError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export interface ProjectInfo {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970, as all times of the store. */
  readonly createdAt: number;
  /** Version of the tables, 1 … */
  readonly version: number;
}

export interface RunRow {
  readonly id: string;
  /** JSON value: an `AnnotationRequest` of the contract. */
  readonly request: unknown;
  readonly status: RunStatus;
  readonly seed: number;
  /** Name of the engine that computed; null until it has been chosen. */
  readonly engine: string | null;
  readonly createdAt: number;
  /** Beginning of the last attempt; null while it waits for its first. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** How often the run was started; every resume adds one. */
  readonly attempt: number;
  /** Why it failed; null unless `failed`. */
  readonly error: StoredError | null;
  /** End of what the compute process printed, for a failed run. */
  readonly log: string;
  /** Hash of inputs, settings, seed and code version; null until the inputs have been hashed. */
  readonly resultKey: string | null;
  /** The run whose stored result was taken over, where nothing had to be computed. */
  readonly reusedFrom: string | null;
}

/** What the array files of one run take, in bytes. */
export interface RunStorage {
  readonly runId: string;
  readonly status: RunStatus;
  /** What the result needs. */
  readonly resultBytes: number;
  /** Copies by feature, which colouring by a gene and the heatmap read. */
  readonly explorerBytes: number;
  /** The studies' own columns of cells. */
  readonly columnBytes: number;
  readonly checkpointBytes: number;
}

/** Loss terms of one training step. A term that was not a finite number is null. */
export interface StepMetrics {
  readonly step: number;
  readonly terms: Readonly<Record<string, number | null>>;
}

/** An array a run left, without its values. */
export interface RunArrayRow {
  readonly name: string;
  readonly hash: string;
  readonly dtype: DtypeName;
  readonly shape: ArrayShape;
  readonly sizeBytes: number;
}

/** How long a stage of a finished run took. */
export interface StageTime {
  readonly stage: string;
  readonly elapsedMs: number;
}

/** A file or folder of the user's, as it was when a run read it. */
export interface StudyInput {
  /** `reference`, `query`, `query-peaks`, … */
  readonly role: string;
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
}
