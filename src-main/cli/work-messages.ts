import type { WireError } from '#core/base/app-error';
import type { TrainProgress } from '#core/train/method';
import type { AnnotationRequest } from '#contract/annotation-request';
import type { Stage } from '#contract/run-events';
import type { StagedResults } from '#compute/results-folder';
import type { ModelRequest } from '#compute/run-model';
import type { RunSummaryFile } from '#compute/run-record';
import type { HarmonisePlan } from '#core/chromatin/harmonise-plan';
import type { WrittenActivity, WrittenPair } from '#compute/write-chromatin';
import type { StudyChoice } from '#formats/inspect/repair';
import type { PairChoice } from '#formats/pair/read-pair';

/** What the command line has done in a process of its own, with the answer it gets. */
export interface WorkTasks {
  /** A run from files to results; without a directory nothing is written. */
  readonly annotate: {
    readonly ask: { readonly request: AnnotationRequest; readonly directory: string | null };
    readonly answer: { readonly summary: RunSummaryFile; readonly staged: StagedResults | null };
  };
  /** Labelling with a saved model. */
  readonly label: {
    readonly ask: { readonly request: ModelRequest; readonly directory: string };
    readonly answer: { readonly summary: RunSummaryFile; readonly staged: StagedResults };
  };
  /** The files of a finished run of a project. */
  readonly export: {
    readonly ask: { readonly projectPath: string; readonly runId: string; readonly directory: string };
    readonly answer: { readonly summary: RunSummaryFile; readonly staged: StagedResults };
  };
  /** A study with its repairs as a new .h5ad file, in a folder that exists. */
  readonly copy: {
    readonly ask: { readonly choice: StudyChoice; readonly target: string };
    readonly answer: { readonly cells: number; readonly features: number };
  };
  /** Gene activity of fragments or peaks as a new .h5ad file, in a folder that exists, with the curve by which cells were told. */
  readonly 'gene-activity': {
    readonly ask: {
      readonly choice: StudyChoice;
      readonly weighted: boolean;
      readonly target: string;
      readonly plot: string | null;
    };
    readonly answer: WrittenActivity;
  };
  /** How two studies of open chromatin can come to the same features. */
  readonly plan: { readonly ask: { readonly pair: PairChoice }; readonly answer: HarmonisePlan };
  /** Both as new .h5ad files on the same features, in a folder that exists. */
  readonly harmonise: {
    readonly ask: {
      readonly pair: PairChoice;
      readonly targets: { readonly reference: string; readonly query: string };
    };
    readonly answer: WrittenPair;
  };
}

export type TaskKind = keyof WorkTasks;

/** One task with what it asks. */
export type WorkTask = { [K in TaskKind]: { readonly kind: K } & WorkTasks[K]['ask'] }[TaskKind];

/** What the work process is told: its task first, later perhaps to stop. */
export type ToWork = { readonly kind: 'task'; readonly task: WorkTask } | { readonly kind: 'cancel' };

/** What it tells: how far it is, and how it ended. */
export type FromWork =
  | { readonly kind: 'engine'; readonly name: string }
  | { readonly kind: 'stage'; readonly stage: Stage; readonly fraction: number; readonly text: string }
  | { readonly kind: 'step'; readonly progress: TrainProgress }
  | { readonly kind: 'done'; readonly answer: WorkTasks[TaskKind]['answer'] }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: WireError }
  /** A fault of ours. */
  | { readonly kind: 'fault'; readonly trace: string };
