import type { LabelTransfer } from '../data/label-transfer.ts';

/**
 * How little a query cell resembles any label of the reference: 1 − its largest probability, [query cells], 0 … 1 − 1/labels.
 * A score for ranking cells, not the probability of a new label.
 */
export function noveltyScores(transfer: LabelTransfer): Float32Array {
  return transfer.query.confidence.map((confidence) => 1 - confidence);
}
