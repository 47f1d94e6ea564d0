import type { CancelSignal } from '../base/cancel.ts';
import type { AlignedPair } from '../data/aligned-pair.ts';
import { emptyRows } from '../data/csr-matrix.ts';
import type { LabelTransfer } from '../data/label-transfer.ts';
import { blocksOf, type SparseRows } from '../data/sparse-rows.ts';
import type { TrainedModel } from '../train/method.ts';

export interface TransferOptions {
  readonly signal?: CancelSignal;
}

/**
 * The label, its confidence and all probabilities of every query cell, and where both sides lie in the embedding. A method that
 * looks at neighbours (`TrainedModel.among`) has its say on the query. A pair without reference cells is one that a saved model labels.
 *
 * The label is the most probable one (the first of equals), its confidence that probability. Labels are always given;
 * what is shown as Unknown is decided afterwards (`applyThreshold`). A query cell without any value gets the
 * probabilities of an all-zero row and is flagged in `query.empty`.
 */
export async function transferLabels(
  model: TrainedModel,
  pair: AlignedPair,
  options: TransferOptions = {},
): Promise<LabelTransfer> {
  const known = pair.reference.cells.length > 0 ? await model.apply(pair.reference, options.signal) : null;
  const applied = await model.apply(pair.query, options.signal);
  const none = new Float32Array(0);
  const reference = known ?? { width: applied.width, embedding: none, probabilities: none };
  const query = {
    ...applied,
    probabilities: model.among?.(applied.probabilities, pair.query.neighbours) ?? applied.probabilities,
  };
  return {
    labels: model.labels,
    reference: { cells: pair.reference.cells, ...reference },
    query: {
      cells: pair.query.cells,
      ...query,
      ...mostProbable(query.probabilities, model.labels.length),
      empty: await emptyCells(pair.query.counts, options.signal),
    },
  };
}

/**
 * The column of the largest value in each row and that value; the first of equals.
 * @param probabilities [rows, labels] row by row
 */
export function mostProbable(
  probabilities: Float32Array,
  labels: number,
): { predicted: Int32Array; confidence: Float32Array } {
  const rows = probabilities.length / labels;
  const predicted = new Int32Array(rows);
  const confidence = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let k = 1; k < labels; k++) {
      if (probabilities[row * labels + k]! > probabilities[row * labels + best]!) best = k;
    }
    predicted[row] = best;
    confidence[row] = probabilities[row * labels + best]!;
  }
  return { predicted, confidence };
}

/** 1 for each row whose stored values are all zero (or which stores none), else 0: [rows]. */
async function emptyCells(counts: SparseRows, signal: CancelSignal | undefined): Promise<Uint8Array> {
  const empty = new Uint8Array(counts.rows);
  for await (const { from, matrix } of blocksOf(counts, signal)) empty.set(emptyRows(matrix), from);
  return empty;
}
