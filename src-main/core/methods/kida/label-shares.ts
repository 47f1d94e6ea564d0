import { calibrationFactor, calibrationLoss } from '../../train/calibration.ts';

/** How strongly the shares of the labels may count; 1 is Bayes' rule for logits that are neither too sure nor too unsure. */
const STRENGTHS = [0, 0.25, 0.5, 0.75, 1, 1.5, 2] as const;

/** What is added to the logits of a network that saw all labels equally often. */
export interface LabelShares {
  readonly strength: number;
  /** [labels] strength · ln(share of the label), moved to mean 0; 0 where the label has no cells */
  readonly shift: Float32Array;
}

/**
 * A network that was trained with all labels equally often takes rare ones for as likely as common ones. Adding `strength` times
 * the logarithm of the shares undoes that; of the strengths looked at, that is taken which labels known cells of the reference with
 * least cross-entropy, each at its best scale (`calibrationFactor`). The weakest of equals; 0 without known cells.
 *
 * Source: logit adjustment, Menon et al. 2021 (arXiv:2007.07314); not in the paper of KIDA.
 *
 * @param logits [known cells, labels] row by row, of cells that were held out
 * @param label [known cells]
 * @param cells [labels] how many cells of each label the reference has
 */
export function labelShares(logits: Float32Array, label: Int32Array, cells: ArrayLike<number>): LabelShares {
  const labels = cells.length;
  const logShares = centredLogs(cells);
  let best: LabelShares & { readonly loss: number } = { strength: 0, shift: new Float32Array(labels), loss: Infinity };
  if (label.length === 0) return best;
  for (const strength of STRENGTHS) {
    const shift = logShares.map((value) => strength * value);
    const shifted = logits.map((value, i) => value + shift[i % labels]!);
    const loss = calibrationLoss(shifted, label, labels, calibrationFactor(shifted, label, labels));
    if (loss < best.loss) best = { strength, shift, loss };
  }
  return { strength: best.strength, shift: best.shift };
}

function centredLogs(cells: ArrayLike<number>): Float32Array {
  const counts = Array.from(cells);
  const present = counts.filter((count) => count > 0);
  const mean = present.reduce((sum, count) => sum + Math.log(count), 0) / Math.max(1, present.length);
  return Float32Array.from(counts, (count) => (count > 0 ? Math.log(count) - mean : 0));
}
