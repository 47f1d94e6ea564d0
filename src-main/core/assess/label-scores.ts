import type { LabelScore } from './assessment.ts';
import { contingency, distinctNames } from './contingency.ts';

/**
 * Precision, recall and F1 of every label that occurs in the truth or among the predictions, in code-point order:
 *
 *     P = TP/(TP + FP),  R = TP/(TP + FN),  F1 = 2PR/(P + R),  each 0 where its denominator is 0.
 *
 * @param truth [cells]
 * @param predicted [cells]
 */
export function labelScores(truth: readonly string[], predicted: readonly string[]): LabelScore[] {
  const names = distinctNames([...new Set(truth), ...new Set(predicted)]);
  const table = contingency(truth, predicted, { rows: names, columns: names });
  return names.map((label, place) => {
    const right = table.counts[place * names.length + place]!;
    const support = table.rowSums[place]!;
    const given = table.columnSums[place]!;
    const precision = given === 0 ? 0 : right / given;
    const recall = support === 0 ? 0 : right / support;
    const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    return { label, precision, recall, f1, support, predicted: given };
  });
}

/** Share of cells whose prediction equals the truth; null without cells. */
export function accuracy(truth: readonly string[], predicted: readonly string[]): number | null {
  if (truth.length === 0) return null;
  let right = 0;
  truth.forEach((label, cell) => {
    if (label === predicted[cell]) right++;
  });
  return right / truth.length;
}

/** Plain mean of one score over labels; null without labels. */
export function meanScore(scores: readonly LabelScore[], score: 'precision' | 'recall' | 'f1'): number | null {
  if (scores.length === 0) return null;
  return scores.reduce((sum, label) => sum + label[score], 0) / scores.length;
}

/** Mean of one score over labels, weighted by true cells; null without cells. */
export function weightedScore(scores: readonly LabelScore[], score: 'precision' | 'recall' | 'f1'): number | null {
  const cells = scores.reduce((sum, label) => sum + label.support, 0);
  if (cells === 0) return null;
  return scores.reduce((sum, label) => sum + label[score] * label.support, 0) / cells;
}
