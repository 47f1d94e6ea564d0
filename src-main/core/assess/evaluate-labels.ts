import type { Agreement, Assessment, ConfusionMatrix, NoveltyScores, RejectionScores } from './assessment.ts';
import { contingency, distinctNames } from './contingency.ts';
import { accuracy, labelScores, meanScore, weightedScore } from './label-scores.ts';
import { auroc, averagePrecision, oscr, oscrReference } from './novelty.ts';
import { partitionAgreement } from './partition-agreement.ts';
import { rareLabelScores } from './rare-labels.ts';

export interface EvaluationOptions {
  /** Labels the reference has. Without them every true label counts as shared: nothing tells lost from novel. */
  readonly referenceLabels?: readonly string[];
  /** [cells] largest probability of each cell; without it nothing is said on novelty and no cell is rejected. */
  readonly confidence?: ArrayLike<number>;
  /** Cells whose confidence does not exceed it are shown as Unknown. */
  readonly threshold?: number;
}

/**
 * All scores of predicted against true labels of the same cells that need no embedding.
 *
 * @param predicted [cells] the most probable label of each cell, not "Unknown"
 * @param truth [cells] null where unknown; those cells are left out of every score
 * @throws RangeError when the lists differ in length
 */
export function evaluateLabels(
  predicted: readonly string[],
  truth: readonly (string | null)[],
  options: EvaluationOptions = {},
): Assessment {
  if (predicted.length !== truth.length) {
    throw new RangeError(`evaluateLabels: ${predicted.length} predicted labels for ${truth.length} true ones`);
  }
  if (options.confidence && options.confidence.length !== truth.length) {
    throw new RangeError(`evaluateLabels: ${options.confidence.length} confidences for ${truth.length} cells`);
  }
  const trueLabels = distinctNames(truth.filter((label) => label !== null));
  const reference = options.referenceLabels ?? distinctNames([...trueLabels, ...predicted]);
  const inReference = new Set(reference);
  const scored = cellsWhere(truth, (label) => label !== null);
  const shared = cellsWhere(truth, (label) => label !== null && inReference.has(label));
  const novel = cellsWhere(truth, (label) => label !== null && !inReference.has(label));
  const sharedTruth = shared.map((cell) => truth[cell]!);
  const sharedPredicted = shared.map((cell) => predicted[cell]!);
  const closed = agreement(sharedTruth, sharedPredicted);
  const sharedLabels = trueLabels.filter((label) => inReference.has(label));
  const novelLabels = trueLabels.filter((label) => !inReference.has(label));
  const right = scored.filter((cell) => truth[cell] === predicted[cell]).length;
  return {
    cells: { query: truth.length, withTruth: scored.length, shared: shared.length, novel: novel.length },
    sharedLabels,
    novelLabels,
    absentLabels: reference.filter((label) => !trueLabels.includes(label)),
    closed,
    overallAccuracy: scored.length === 0 ? null : right / scored.length,
    rare: rareLabelScores(closed.labels, scored.length),
    novelty: noveltyScores(predicted, truth, shared, novel, options.confidence),
    rejection: rejection(predicted, truth, shared, novel, options),
    embedding: null,
    confusion: confusion(
      scored.map((cell) => truth[cell]!),
      scored.map((cell) => predicted[cell]!),
      [...sharedLabels, ...novelLabels],
      reference,
    ),
  };
}

/** Agreement of two labellings of the same cells, all of them scored. */
export function agreement(truth: readonly string[], predicted: readonly string[]): Agreement {
  const labels = labelScores(truth, predicted);
  const partitions = partitionAgreement(truth, predicted);
  return {
    cells: truth.length,
    accuracy: accuracy(truth, predicted),
    macroF1: meanScore(labels, 'f1'),
    macroF1TrueLabels: meanScore(
      labels.filter((label) => label.support > 0),
      'f1',
    ),
    macroPrecision: meanScore(labels, 'precision'),
    macroRecall: meanScore(labels, 'recall'),
    weightedPrecision: weightedScore(labels, 'precision'),
    weightedRecall: weightedScore(labels, 'recall'),
    weightedF1: weightedScore(labels, 'f1'),
    labels,
    ari: partitions?.ari ?? null,
    mutualInformation: partitions?.mutualInformation ?? null,
    expectedMutualInformation: partitions?.expectedMutualInformation ?? null,
    nmiArithmetic: partitions?.nmiArithmetic ?? null,
    nmiGeometric: partitions?.nmiGeometric ?? null,
    amiMax: partitions?.amiMax ?? null,
    amiArithmetic: partitions?.amiArithmetic ?? null,
  };
}

function noveltyScores(
  predicted: readonly string[],
  truth: readonly (string | null)[],
  shared: readonly number[],
  novel: readonly number[],
  confidence: ArrayLike<number> | undefined,
): NoveltyScores | null {
  if (!confidence || shared.length === 0 || novel.length === 0) return null;
  const cells = [...shared, ...novel];
  const score = cells.map((cell) => -confidence[cell]!); // same order as 1 − confidence, and no rounding that makes ties
  const isNovel = cells.map((_, place) => place >= shared.length);
  const openSet = {
    sharedConfidence: shared.map((cell) => confidence[cell]!),
    sharedRight: shared.map((cell) => truth[cell] === predicted[cell]),
    novelConfidence: novel.map((cell) => confidence[cell]!),
  };
  return {
    auroc: auroc(score, isNovel)!,
    aupr: averagePrecision(score, isNovel)!,
    auprBaseline: novel.length / cells.length,
    oscr: oscr(openSet)!,
    oscrReference: oscrReference(openSet)!,
  };
}

function rejection(
  predicted: readonly string[],
  truth: readonly (string | null)[],
  shared: readonly number[],
  novel: readonly number[],
  { confidence, threshold = 0.95 }: EvaluationOptions,
): RejectionScores | null {
  if (!confidence) return null;
  const accepted = shared.filter((cell) => confidence[cell]! > threshold);
  return {
    threshold,
    sharedAccepted: accepted.length,
    sharedAcceptedRight: accepted.filter((cell) => truth[cell] === predicted[cell]).length,
    novelRejected: novel.filter((cell) => !(confidence[cell]! > threshold)).length,
  };
}

function confusion(
  truth: readonly string[],
  predicted: readonly string[],
  rows: readonly string[],
  columns: readonly string[],
): ConfusionMatrix {
  const table = contingency(truth, predicted, { rows, columns });
  return { rows: table.rows, columns: table.columns, counts: Array.from(table.counts) };
}

function cellsWhere(truth: readonly (string | null)[], keep: (label: string | null) => boolean): number[] {
  return truth.flatMap((label, cell) => (keep(label) ? [cell] : []));
}
