import { assess } from './assess/assess.ts';
import type { Assessment } from './assess/assessment.ts';
import type { KeyGeneHits } from './assess/key-gene-hits.ts';
import { keyGenesOfQuery } from './assess/key-genes-of-query.ts';
import { throwIfCancelled } from './base/cancel.ts';
import type { AlignedPair } from './data/aligned-pair.ts';
import type { FoundPatterns } from './data/label-patterns.ts';
import type { LabelTransfer } from './data/label-transfer.ts';
import type { ValueKind } from './data/study.ts';
import type { DeterminantFeature } from './interpret/determinant-feature.ts';
import { determinantFeatures } from './interpret/determinant-features.ts';
import type { PipelineServices } from './pipeline.ts';
import type { ResultChoices, TrainedModel } from './train/method.ts';
import { smoothLabels, unitRows } from './transfer/smooth-labels.ts';
import { transferLabels } from './transfer/transfer-labels.ts';

export interface LabellingInput {
  readonly model: TrainedModel;
  /** Without reference cells where the model was saved by an earlier run. */
  readonly pair: AlignedPair;
  readonly choices: ResultChoices;
  /** [query cells] true labels, or null where none are known. */
  readonly truth: readonly (string | null)[] | null;
  /** Of the query. */
  readonly valueKind: ValueKind;
  readonly threshold: number;
  readonly seed: number;
}

export interface LabelledQuery {
  readonly transfer: LabelTransfer;
  readonly markers: readonly DeterminantFeature[];
  readonly patterns: FoundPatterns | null;
  readonly assessment: Assessment | null;
  readonly keyGenes: readonly KeyGeneHits[];
}

/** Predicts and interprets: the labels of a query by a trained model, the features that decided, and the scores where the truth is known. */
export async function labelledQuery(
  { model, pair, choices, truth, valueKind, threshold, seed }: LabellingInput,
  services: PipelineServices,
): Promise<LabelledQuery> {
  const { hooks } = services;
  hooks.stage('predict', 0, 'Labelling the query');
  const unsmoothed = await transferLabels(model, pair, { signal: hooks.signal });
  const transfer = choices.smoothing ? await smoothed(unsmoothed, services, seed) : unsmoothed;

  hooks.stage('interpret', 0, 'Finding the features that decided');
  const markers = await determinantFeatures(model, pair, transfer, {
    ranking: choices.attributionRanking,
    perCell: choices.featuresPerCell,
    ...(truth !== null && choices.determinantCells === 'correct' ? { truth } : {}),
    signal: hooks.signal,
  });
  const patterns = (await model.patterns?.(pair.query, transfer.query.predicted, hooks.signal)) ?? null;
  await services.breathe();
  throwIfCancelled(hooks.signal);
  if (truth === null) return { transfer, markers, patterns, assessment: null, keyGenes: [] };
  const assessment = assess(transfer, truth, {
    ...{ threshold, seed },
    ...(pair.reference.cells.length === 0 ? {} : { referenceLabel: pair.reference.label }),
  });
  const counts = { counts: pair.query.counts, valueKind };
  const keyGenes = await keyGenesOfQuery(counts, pair.features, markers, truth, hooks.signal);
  return { transfer, markers, patterns, assessment, keyGenes };
}

/** Labels by the majority of each query cell and its 9 nearest in the learned space, by L1 distance of unit rows. */
async function smoothed(transfer: LabelTransfer, services: PipelineServices, seed: number): Promise<LabelTransfer> {
  const { embedding, width, cells } = transfer.query;
  const k = Math.min(9, cells.length - 1);
  if (k < 1) return transfer;
  const near = await services.neighbours.search(unitRows(embedding, width), width, k, 'manhattan', {
    seed,
    signal: services.hooks.signal,
  });
  return smoothLabels(transfer, near);
}
