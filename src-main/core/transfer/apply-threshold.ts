import { UNKNOWN, type LabelTransfer } from '../data/label-transfer.ts';

/**
 * What is shown for each query cell: its label where the confidence lies above the threshold, else `Unknown`: [query cells].
 * Cells without any value are Unknown at every threshold.
 *
 * Source: CellPredX (PLoS Comput Biol 2026), acceptance of a label when its probability exceeds 0.95.
 *
 * @param threshold 0…1; at 0 every cell that has a value keeps its label
 */
export function applyThreshold(transfer: LabelTransfer, threshold: number): readonly string[] {
  const { predicted, confidence, empty } = transfer.query;
  return Array.from(predicted, (label, cell) =>
    confidence[cell]! > threshold && empty?.[cell] !== 1 ? transfer.labels[label]! : UNKNOWN,
  );
}
