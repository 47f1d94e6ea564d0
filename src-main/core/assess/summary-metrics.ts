import type { Assessment } from './assessment.ts';

/**
 * The numbers of an assessment as one flat object for `summary.json`, named in snake case. `accuracy` and `macro_f1` are
 * the closed-set ones over cells of shared labels; null where not defined.
 */
export function summaryMetrics(assessment: Assessment): Record<string, number | null> {
  const { cells, closed, novelty, rejection, embedding } = assessment;
  return {
    accuracy: closed.accuracy,
    macro_f1: closed.macroF1,
    macro_f1_true_labels: closed.macroF1TrueLabels,
    overall_accuracy: assessment.overallAccuracy,
    cells_with_truth: cells.withTruth,
    cells_of_shared_labels: cells.shared,
    cells_of_novel_labels: cells.novel,
    macro_precision: closed.macroPrecision,
    macro_recall: closed.macroRecall,
    weighted_precision: closed.weightedPrecision,
    weighted_recall: closed.weightedRecall,
    weighted_f1: closed.weightedF1,
    ari: closed.ari,
    nmi_arithmetic: closed.nmiArithmetic,
    nmi_geometric: closed.nmiGeometric,
    ami_max: closed.amiMax,
    ami_arithmetic: closed.amiArithmetic,
    ...Object.fromEntries(
      assessment.rare.map(({ below, meanF1 }) => [`rare_f1_below_${Math.round(below * 100)}_percent`, meanF1]),
    ),
    novelty_auroc: novelty?.auroc ?? null,
    novelty_aupr: novelty?.aupr ?? null,
    novelty_oscr: novelty?.oscr ?? null,
    novelty_oscr_reference: novelty?.oscrReference ?? null,
    accepted_accuracy:
      rejection && rejection.sharedAccepted > 0 ? rejection.sharedAcceptedRight / rejection.sharedAccepted : null,
    accepted_cells_of_shared_labels: rejection?.sharedAccepted ?? null,
    rejected_cells_of_novel_labels: rejection?.novelRejected ?? null,
    silhouette_label: embedding?.silhouetteLabel ?? null,
    silhouette_study: embedding?.silhouetteStudy ?? null,
  };
}
