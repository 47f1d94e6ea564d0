import { type CancelSignal, throwIfCancelled } from '../base/cancel.ts';
import type { AlignedPair } from '../data/aligned-pair.ts';
import type { LabelTransfer } from '../data/label-transfer.ts';
import { blocksOf } from '../data/sparse-rows.ts';
import type { AffineModel } from '../train/method.ts';
import { fromEmptyCell } from './determinant-features.ts';
import { integratedGradients } from './integrated-gradients.ts';
import { strongest } from './strongest.ts';

/** Features kept for each cell: those that speak most for its label, and those that speak most against it. */
export const SUPPORTING = 24;
export const CONTRADICTING = 8;
/** Pairs of a feature and its attribution kept for each cell. */
export const KEPT = SUPPORTING + CONTRADICTING;

/** Cells between two turns of the event loop. */
const CELLS_PER_TURN = 512;

/**
 * For every query cell the features that spoke most for its most probable label and those that spoke most against it, by
 * integrated gradients of its probability (see `integratedGradients`): what "why this label" is answered from.
 *
 * Gives pieces that together are [query cells, KEPT, 2] row by row: number of the feature among `pair.features` and its
 * attribution; supporting features first, in no particular order. Where a cell has fewer, the rest is −1 and 0. Numbers of
 * features are exact in float32 up to 2²⁴.
 */
export async function* strongestPerCell(
  model: AffineModel,
  pair: AlignedPair,
  transfer: LabelTransfer,
  signal?: CancelSignal,
): AsyncGenerator<Float32Array, void, void> {
  if (pair.features.length > 2 ** 24) throw new RangeError(`strongestPerCell: ${pair.features.length} features`);
  const explain = integratedGradients(fromEmptyCell(model, pair.query.shift));
  const { predicted } = transfer.query;
  for await (const { from, matrix } of blocksOf(pair.query.input, signal)) {
    for (let begin = 0; begin < matrix.rows; begin += CELLS_PER_TURN) {
      const end = Math.min(matrix.rows, begin + CELLS_PER_TURN);
      const piece = new Float32Array((end - begin) * KEPT * 2);
      for (let row = begin; row < end; row++) {
        const [start, stop] = [matrix.indptr[row]!, matrix.indptr[row + 1]!];
        const features = matrix.indices.subarray(start, stop);
        const { attributions } = explain(features, matrix.values.subarray(start, stop), predicted[from + row]!);
        const at = (row - begin) * KEPT;
        put(piece, at, SUPPORTING, features, attributions, strongest(attributions, SUPPORTING));
        const against = attributions.map((value) => -value);
        put(piece, at + SUPPORTING, CONTRADICTING, features, attributions, strongest(against, CONTRADICTING));
      }
      yield piece;
      throwIfCancelled(signal);
    }
  }
}

/** Writes the pairs at `places` from pair `at` on, and fills up to `room` pairs. */
function put(
  piece: Float32Array,
  at: number,
  room: number,
  features: Uint32Array,
  attributions: Float64Array,
  places: Int32Array,
): void {
  for (let i = 0; i < room; i++) {
    const place = places[i];
    piece[2 * (at + i)] = place === undefined ? -1 : features[place]!;
    piece[2 * (at + i) + 1] = place === undefined ? 0 : attributions[place]!;
  }
}
