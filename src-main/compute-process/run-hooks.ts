import type { RowStore } from '#core/data/sparse-rows';
import type { CheckpointKeeper, TrainProgress } from '#core/train/method';
import type { FormingView } from '#core/train/onlooker';
import type { Stage } from '#contract/run-events';
import type { ExplorerArrays } from './explorer-arrays.ts';
import type { RunInput } from './run-record.ts';

/** How a run tells what it does, and learns that it must stop. No hook throws except `step` and `stage` after a loss of the project. */
export interface RunHooks {
  /** Aborted when the run must stop: the run then ends by throwing `Cancelled`. */
  readonly signal: AbortSignal;
  /** A stage begins (fraction 0) or moves on; `text` is one short sentence a biologist can read. */
  stage(stage: Stage, fraction: number, text: string): void;
  /** Says once which engine computes, in its own words, and whether that is a graphics card, which this process waits for. */
  engine(description: string, card: boolean): void;
  /** After every training step. */
  step(progress: TrainProgress): void;
  /** Before the first step of training, by methods that do something else first: the share of the whole training that is done. */
  beforeSteps?(share: number, text: string): void;
  /** Where checkpoints go and come from; undefined keeps none. */
  readonly checkpoints: CheckpointKeeper | undefined;
  /** Where rows go that are too many for memory; without it everything is held there. It is closed by who made it. */
  readonly rows?: RowStore;
  /** The files of the request with their hashes, where they are known already. */
  readonly inputs?: readonly RunInput[];
  /** How many cells each side has, told once when the files have been read. */
  size?(cells: { readonly reference: number; readonly query: number }): void;
  /** Who is shown a sample of the query while the method learns, and how often. */
  readonly forming?: { due(): boolean; tell(view: FormingView): void };
  /** The steps before `step` that an earlier attempt of this run did: the beginning of a resumed run's loss curve. */
  stepsBefore?(step: number): readonly TrainProgress[];
}

/** Values a run may leave as an array. */
export type OutputValues =
  Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

/** What a finished run leaves: everything the results screens and the export show. */
export interface RunOutput {
  /** JSON value, the content of summary.json. */
  readonly summary: unknown;
  /** JSON values by name: markers, figures, … The name `summary` is taken. */
  readonly documents: object;
  /** Arrays by name: embedding, probabilities, predicted, layout, … row by row. */
  readonly arrays: Readonly<Record<string, { readonly shape: readonly number[]; readonly values: OutputValues }>>;
  /** Makes what the explorers of the result read; asked for once, by who stores the run. */
  explorers?(): Promise<ExplorerArrays>;
}
