import type { z } from 'zod';
import type { CancelSignal } from '../base/cancel.ts';
import type { AlignedPair, NeighbourGraph, NetworkRows, PreparationNote } from '../data/aligned-pair.ts';
import type { ConsensusAccount } from '../data/consensus-account.ts';
import type { GeneSetLibrary } from '../data/gene-sets.ts';
import type { FoundPatterns } from '../data/label-patterns.ts';
import type { PreparationChoices } from '../data/preparation-choices.ts';
import type { Scenario } from '../data/scenario.ts';
import type { Onlooker } from './onlooker.ts';

/**
 * Everything the application knows about a method: who made it, its settings with limits and help
 * (the form and the command line are drawn from them), its presets, and how it is trained.
 */
export interface Method<Settings = unknown> {
  readonly id: string;
  /** Methods that are shown together under a heading of their own; absent for the others. */
  readonly group?: MethodGroup;
  readonly title: string;
  /** One sentence: what it is good for. */
  readonly summary: string;
  readonly source: { readonly citation: string; readonly link: string; readonly differences: string };
  readonly scenarios: readonly Scenario[];
  /** Why it is offered for these scenarios only, where it is not offered for all: completes "… is not made for …, because". */
  readonly limits?: string;
  /** Confidence that a cell must exceed to show its label, where the method names one. */
  readonly threshold?: number;
  /** Whether it needs a library of gene sets (`TrainContext.geneSets`). */
  readonly geneSets?: boolean;
  /** A `z.strictObject`; every field has a default, `.describe(help)` and `.meta({ title, group, advanced, source })`. */
  readonly settings: z.ZodType<Settings>;
  /** Recommended settings for a scenario, where they differ from the defaults of the schema. */
  preset(scenario: Scenario): Partial<Settings>;
  /** Further named presets for a scenario, e.g. `paper`, `reproduce`. */
  readonly presets: Readonly<Record<string, (scenario: Scenario) => Partial<Settings>>>;
  /** What tuning may try; absent where there is nothing to tune. */
  readonly tuning?: TuningChoices<Settings>;
  /** What `prepare` must do for these settings. */
  preparation(settings: Settings, scenario: Scenario): PreparationChoices;
  /** How the results of a model trained with these settings are read; without it `defaultResultChoices` hold. */
  results?(settings: Settings): ResultChoices;
  train(pair: AlignedPair, settings: Settings, context: TrainContext): Promise<TrainedModel>;
  /** A model from what `TrainedModel.save` gave; labels query cells without training. */
  restore(saved: NamedArrays): TrainedModel;
}

/** What tuning tries of a method, and how. */
export interface TuningChoices<Settings> {
  /** Settings tried beside those it begins with, as changes of these. */
  trials(scenario: Scenario): readonly Partial<Settings>[];
  /** The same settings with a training short enough for a trial. */
  shortened(settings: Settings): Settings;
}

/** `simple`: well-known classifiers that any method must beat. */
export type MethodGroup = 'simple';

export { transforms, type PreparationChoices, type Transform } from '../data/preparation-choices.ts';

/** How labels and determinant features are read from a trained model. */
export interface ResultChoices {
  /** Replace each query label by the majority among its nearest query cells. */
  readonly smoothing: boolean;
  /** Rank features by signed attribution (speaking for the label) or by its size. */
  readonly attributionRanking: 'signed' | 'absolute';
  /** Features of largest attribution that count for each cell. */
  readonly featuresPerCell: number;
  /** Which cells speak for a label: all annotated with it, or only those whose truth agrees. */
  readonly determinantCells: 'annotated' | 'correct';
}

export const defaultResultChoices: ResultChoices = {
  smoothing: false,
  attributionRanking: 'signed',
  featuresPerCell: 50,
  determinantCells: 'annotated',
};

export interface TrainContext {
  readonly seed: number;
  readonly signal?: CancelSignal;
  /** For methods that read cells through gene sets. */
  readonly geneSets?: GeneSetLibrary;
  /** Called after every step. Must not throw and must not keep the object. */
  report(progress: TrainProgress): void;
  /** Called while a method does something before its first step: the share of its whole training that is done, 0 … 1. */
  before?(share: number, text: string): void;
  /** Where checkpoints go and come from; without it nothing is kept. */
  readonly checkpoints?: CheckpointKeeper;
  /** Who looks at the network while it learns, by methods that can show it. */
  readonly onlooker?: Onlooker;
}

export interface TrainProgress {
  /** Steps done, 1 … steps. */
  readonly step: number;
  /** Steps planned at most; early stopping may end sooner. */
  readonly steps: number;
  /** Steps that it will take in all likelihood, where a training that converges ends sooner; absent where all are taken. */
  readonly expected?: number;
  /** Each loss term by name, weighted as it enters the total; `total` is their sum. */
  readonly terms: Readonly<Record<string, number>>;
  /** Numbers that are watched and not optimised, e.g. the mean attention. */
  readonly measures?: Readonly<Record<string, number>>;
}

/** Arrays by name and a JSON description: the form in which models and checkpoints are stored. */
export interface NamedArrays {
  readonly kind: string;
  /** JSON value: settings, label names, feature names, step, random state, … */
  readonly description: unknown;
  readonly arrays: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly values: Float32Array | Int32Array | Float64Array }>
  >;
}

export interface CheckpointKeeper {
  /** Steps between two checkpoints. */
  readonly every: number;
  /** The last checkpoint of this run, or null at a fresh start. */
  load(): Promise<NamedArrays | null>;
  /** The same before training begins, for what comes before it; absent where nothing does. */
  peek?(): Promise<NamedArrays | null>;
  /** Resolves when the checkpoint is safe on disk. */
  save(checkpoint: NamedArrays): Promise<void>;
}

export interface TrainedModel {
  readonly methodId: string;
  readonly labels: readonly string[];
  readonly features: readonly string[];
  /** Steps that were trained, and why training ended. */
  readonly steps: number;
  readonly ended: 'all-steps' | 'early-stop';
  /** What a person should know about this training, e.g. that the method was not made for such data. */
  readonly notes?: readonly PreparationNote[];
  /**
   * Embedding [cells, width] and label probabilities [cells, labels] of prepared rows, by batches.
   * `rows.input` is [cells, features] in the order of `features`.
   */
  apply(
    rows: NetworkRows,
    signal?: CancelSignal,
  ): Promise<{
    width: number;
    embedding: Float32Array;
    probabilities: Float32Array;
    /** [cells, labels] what the method ranks labels by, where that is no probability. */
    scores?: Float32Array;
  }>;
  /**
   * Label probabilities of query cells once their neighbours are looked at: [cells, labels] from what `apply` gave for the same
   * cells. Absent where each cell is labelled by itself.
   */
  among?(probabilities: Float32Array, neighbours: NeighbourGraph): Float32Array;
  /** How a consensus of several methods came to its labels on the pair it was trained on. */
  readonly account?: ConsensusAccount;
  /** The affine map behind the model, where it has one: what makes exact attributions possible. */
  readonly affine: AffineModel | null;
  /** What marks each label where cells are read through gene sets. @param label [rows] number of each row's label */
  patterns?(rows: NetworkRows, label: Int32Array, signal?: CancelSignal): Promise<FoundPatterns>;
  save(): NamedArrays;
  dispose(): void;
}

/** z = x·W + b, logits = z·C + c. */
export interface AffineModel {
  readonly width: number;
  /** W [features, width] row by row. */
  readonly encoder: Float32Array;
  /** b [width] */
  readonly encoderBias: Float32Array;
  /** C [width, labels] row by row. */
  readonly classifier: Float32Array;
  /** c [labels] */
  readonly classifierBias: Float32Array;
}
