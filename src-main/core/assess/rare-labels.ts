import type { LabelScore, RareScore } from './assessment.ts';

/** Shares below which a label counts as rare. */
export const rareThresholds = [0.1, 0.05, 0.03, 0.01] as const;

/**
 * Mean F1 over the labels whose share of the true cells lies above 0 and below 10, 5, 3 and 1 %.
 *
 * @param scores per label, on the closed set
 * @param cells what the shares are shares of: all cells with truth, so that leaving out novel cells makes no label rarer
 */
export function rareLabelScores(scores: readonly LabelScore[], cells: number): RareScore[] {
  return rareThresholds.map((below) => {
    const rare = scores.filter((label) => label.support > 0 && label.support / cells < below);
    const sum = rare.reduce((total, label) => total + label.f1, 0);
    return {
      below,
      labels: rare.map((label) => label.label),
      meanF1: rare.length === 0 ? null : sum / rare.length,
    };
  });
}
