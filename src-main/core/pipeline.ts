import type { Assessment } from './assess/assessment.ts';
import type { KeyGeneHits } from './assess/key-gene-hits.ts';
import { AppError } from './base/app-error.ts';
import { type CancelSignal, throwIfCancelled } from './base/cancel.ts';
import type { AlignedPair, PreparationNote } from './data/aligned-pair.ts';
import { columnTexts } from './data/column.ts';
import type { GeneSetLibrary } from './data/gene-sets.ts';
import type { FoundPatterns } from './data/label-patterns.ts';
import type { LabelTransfer } from './data/label-transfer.ts';
import type { MethodViews } from './data/method-views.ts';
import type { Scenario } from './data/scenario.ts';
import type { SparseProducts } from './data/sparse-products.ts';
import type { RowStore } from './data/sparse-rows.ts';
import type { Study } from './data/study.ts';
import type { TuningRecord } from './data/tuning-record.ts';
import { sketchNote } from './figures/sketch-note.ts';
import type { DeterminantFeature } from './interpret/determinant-feature.ts';
import { labelledQuery } from './labelled-query.ts';
import { methodViews } from './method-views.ts';
import { tunedCheckpoints } from './methods/tuning/tuned-checkpoints.ts';
import type { CellLayout, LayoutEngine } from './prepare/layout.ts';
import type { NeighbourSearch } from './prepare/neighbour-search.ts';
import { PreparedPairs } from './prepared-pairs.ts';
import { tunedSettings } from './tuned-settings.ts';
import {
  type CheckpointKeeper,
  defaultResultChoices,
  type Method,
  type TrainedModel,
  type TrainProgress,
} from './train/method.ts';
import { type FormingView, sampleOnlooker } from './train/onlooker.ts';

/**
 * The table of contents of the science. Each stage takes what the one before gave:
 *
 *     Study pair → AlignedPair → TrainedModel → LabelTransfer → Assessment, markers, layout
 *      (prepare)     (train)       (predict)       (interpret, layout)
 *
 * The figures are made from the outcome by `core/figures`. Nothing here knows where it runs.
 */
export async function annotate<Settings>(
  input: PipelineInput<Settings>,
  services: PipelineServices,
): Promise<PipelineOutcome> {
  const { method, seed } = input;
  const { hooks } = services;
  const truth = trueLabels(input.query, input.truthColumn);

  hooks.stage('prepare', 0, 'Matching features');
  const prepared = new PreparedPairs(input, services);
  await prepared.for(input.settings, 'prepare');
  throwIfCancelled(hooks.signal);

  const tuned = input.fixed === undefined ? null : await tunedSettings(input, services, prepared);
  const settings = tuned?.settings ?? input.settings;
  const pair = await prepared.for(settings, 'train');

  hooks.stage('train', 0, `Training ${method.title}`);
  const reported: TrainProgress[] = [];
  const { forming } = hooks;
  const onlooker =
    forming &&
    (await sampleOnlooker(
      pair.query,
      { seed, signal: hooks.signal },
      () => forming.due(),
      (view) => forming.tell(view),
    ));
  const model = await method.train(pair, settings, {
    seed,
    signal: hooks.signal,
    report: (progress) => {
      reported.push(progress);
      hooks.step(progress);
    },
    before: (share, text) => hooks.beforeSteps?.(share, text),
    ...(hooks.checkpoints === undefined
      ? {}
      : { checkpoints: tuned === null ? hooks.checkpoints : tunedCheckpoints(hooks.checkpoints, tuned.record) }),
    ...(onlooker === undefined ? {} : { onlooker }),
    ...(input.geneSets === undefined ? {} : { geneSets: input.geneSets }),
  });
  const losses = new LossRecord();
  const earlier = hooks.stepsBefore?.(reported[0]?.step ?? model.steps + 1) ?? [];
  for (const progress of [...earlier, ...reported]) losses.add(progress);

  const choices = method.results?.(settings) ?? defaultResultChoices;
  const labelled = await labelledQuery(
    { model, pair, choices, truth, valueKind: input.query.valueKind, threshold: input.threshold, seed },
    services,
  );
  const { transfer } = labelled;

  const layout = input.layout ? await jointLayout(transfer, services, seed) : null;
  const views = layout === null ? null : await viewsOf(input, pair, transfer, services);
  const notes = [...pair.notes, ...(model.notes ?? []), ...layoutNotes(layout)];
  const done = { settings, tuning: tuned?.record ?? null };
  return {
    ...done,
    pair,
    model,
    ...labelled,
    truth,
    layout,
    views,
    notes,
    losses,
  };
}

export interface PipelineInput<Settings> {
  readonly reference: Study;
  readonly query: Study;
  readonly queryPeaks?: Study;
  /** Column of the reference's cells that holds the labels. */
  readonly label: string;
  /** Column of the query's cells with true labels; it is read for scoring after everything else is done. */
  readonly truthColumn?: string;
  readonly scenario: Scenario;
  /** For methods that read cells through gene sets. */
  readonly geneSets?: GeneSetLibrary;
  readonly method: Method<Settings>;
  readonly settings: Settings;
  /** Tune first: names of the settings that a person chose, which stay; without it nothing is tuned. */
  readonly fixed?: readonly string[];
  readonly seed: number;
  /** Cells whose confidence does not exceed it are shown as Unknown. */
  readonly threshold: number;
  /** Whether to place all cells in the plane. */
  readonly layout: boolean;
}

export interface PipelineServices {
  readonly neighbours: NeighbourSearch;
  /** Multiplies sparse matrices faster than plain code, where the engine offers it. */
  readonly products?: SparseProducts | undefined;
  readonly layout: LayoutEngine;
  /** Where rows go that are too many for memory; without it everything is held there. */
  readonly rows?: RowStore | undefined;
  readonly hooks: PipelineHooks;
  /** Lets waiting messages (cancel above all) be heard. */
  breathe(): Promise<void>;
}

export interface PipelineHooks {
  readonly signal: CancelSignal;
  stage(stage: 'prepare' | 'train' | 'predict' | 'interpret' | 'layout', fraction: number, text: string): void;
  step(progress: TrainProgress): void;
  /** Before the first step of training: the share of the whole training that is done. */
  beforeSteps?(share: number, text: string): void;
  readonly checkpoints: CheckpointKeeper | undefined;
  /** Steps of an earlier attempt before `step`, where training went on from a checkpoint. */
  stepsBefore?(step: number): readonly TrainProgress[];
  /** Who is shown a sample of the query while the method learns, and how often. */
  readonly forming?: { due(): boolean; tell(view: FormingView): void } | undefined;
}

export interface PipelineOutcome {
  /** The settings that it was trained with. */
  readonly settings: unknown;
  /** What tuning tried; null where nothing was tuned. */
  readonly tuning: TuningRecord | null;
  readonly pair: AlignedPair;
  readonly model: TrainedModel;
  readonly transfer: LabelTransfer;
  readonly markers: readonly DeterminantFeature[];
  /** What marks each label, by a method that reads cells through gene sets; null for the others. */
  readonly patterns: FoundPatterns | null;
  /** [query cells] or null where no truth column was named. */
  readonly truth: readonly (string | null)[] | null;
  readonly assessment: Assessment | null;
  /** Markers of the query's true labels among the determinant features; empty without truth or determinant features. */
  readonly keyGenes: readonly KeyGeneHits[];
  /** UMAP of the learned space, reference cells first, then query cells; null if not asked for. */
  readonly layout: CellLayout | null;
  /** What figures of methods need beyond that; null without a layout. */
  readonly views: MethodViews | null;
  /** What was done: the notes of the preparation and those of later stages. */
  readonly notes: readonly PreparationNote[];
  readonly losses: LossRecord;
}

/** Loss terms of every step of a run, by name. A term that starts late is NaN before. */
export class LossRecord {
  readonly steps: number[] = [];
  readonly terms: Record<string, number[]> = {};

  add(progress: TrainProgress): void {
    this.steps.push(progress.step);
    for (const [name, value] of Object.entries(progress.terms)) {
      const values = (this.terms[name] ??= new Array<number>(this.steps.length - 1).fill(NaN));
      values.push(value);
    }
    for (const values of Object.values(this.terms)) if (values.length < this.steps.length) values.push(NaN);
  }
}

/** The part of the layouts that the map of the learned space takes, about. */
const LEARNED_SHARE = 0.75;

/** UMAP of both sides in the learned space: 30 neighbours, min_dist 0.3, as the figures of the paper. */
async function jointLayout(transfer: LabelTransfer, services: PipelineServices, seed: number): Promise<CellLayout> {
  const { hooks, layout } = services;
  hooks.stage('layout', 0, 'Drawing the map of cells');
  const { reference, query } = transfer;
  const joint = new Float32Array(reference.embedding.length + query.embedding.length);
  joint.set(reference.embedding);
  joint.set(query.embedding, reference.embedding.length);
  return layout.umap(joint, query.width, {
    seed,
    signal: hooks.signal,
    progress: (fraction) => hooks.stage('layout', LEARNED_SHARE * fraction, 'Drawing the map of cells'),
  });
}

function viewsOf<Settings>(
  { reference, query, seed }: PipelineInput<Settings>,
  pair: AlignedPair,
  transfer: LabelTransfer,
  { neighbours, layout, products, hooks }: PipelineServices,
): Promise<MethodViews> {
  const tell = (fraction: number): void =>
    hooks.stage('layout', LEARNED_SHARE + (1 - LEARNED_SHARE) * fraction, 'Comparing the studies before and after');
  tell(0);
  const services = { neighbours, layout, products, seed, signal: hooks.signal, progress: tell };
  return methodViews({ reference, query }, pair, transfer, services);
}

function layoutNotes(layout: CellLayout | null): PreparationNote[] {
  const text = layout === null ? null : sketchNote(layout);
  return text === null ? [] : [{ step: 'layout', text: `Map of the cells. ${text}`, severity: 'info' }];
}

/** [cells] a column's texts, or null where none is named; refused where there is no such column. */
export function trueLabels(query: Study, column: string | undefined): (string | null)[] | null {
  if (column === undefined) return null;
  const found = query.cells.columns.get(column);
  if (found !== undefined) return columnTexts(found);
  const known = [...query.cells.columns.keys()].join(', ') || 'none';
  throw new AppError('command.no-such-column', { column, file: query.name, known });
}
