import type { CancelSignal } from '../../../base/cancel.ts';
import type { NetworkRows } from '../../../data/aligned-pair.ts';
import { enteringRows, type Entrance, type NetworkOfModel, seen } from '../apply-network.ts';
import { rollout } from './rollout.ts';

/**
 * How much each gene set takes part in the embedding of each cell: the attention rollout without the token of all genes.
 * [cells, tokens − 1]; with interleaved tokens the columns belong to no gene set in particular.
 *
 * @param rows of all features of the model
 */
export async function setAttention(
  model: Entrance & NetworkOfModel,
  rows: NetworkRows,
  signal?: CancelSignal,
): Promise<Float32Array> {
  const J = model.mask.names.length;
  const entering = await enteringRows(model, rows, signal);
  const [attention] = await seen(model, entering, [J], (found) => [rollout(found.attention)], signal);
  const cells = rows.input.rows;
  const sets = new Float32Array(cells * (J - 1));
  for (let cell = 0; cell < cells; cell++) {
    sets.set(attention!.subarray(cell * J, cell * J + J - 1), cell * (J - 1));
  }
  return sets;
}
