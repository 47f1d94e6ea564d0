import * as tf from '@tensorflow/tfjs-core';
import type { CancelSignal } from '../../base/cancel.ts';
import type { NetworkRows } from '../../data/aligned-pair.ts';
import { chosenColumns } from '../../train/chosen-columns.ts';
import { encodeRows } from '../../train/encode-rows.ts';
import { type NetworkArrays, tensorsOf } from '../../train/network-arrays.ts';
import type { KidaParameters, NetworkShape } from './network.ts';
import { type GeneMoments, geneMoments, standardised } from './standardise.ts';
import { tokenBatch } from './token-batch.ts';
import type { TokenMask } from './token-mask.ts';
import { forward, type Forward } from './transformer.ts';

/** Values per tensor of a batch that is only applied: tokens × width × cells. */
const VALUES_AT_ONCE = 2 ** 20;

/** How values enter the network. */
export interface Scaling {
  /** Of the reference. */
  readonly moments: GeneMoments;
  readonly clip: number;
  /** Rows that are so many or more are scaled by their own moments. */
  readonly ownFrom: number;
}

/** What of a model says how rows enter its network. */
export interface Entrance {
  /** All shared features, whether the network looks at them or not. */
  readonly features: readonly string[];
  /** Columns that enter the network, rising. */
  readonly chosen: Int32Array;
  /** Null where values are taken as they are. */
  readonly scaling: Scaling | null;
}

/** Rows of all features as the network takes them: the chosen genes, scaled where the model scales. */
export async function enteringRows(
  { features, chosen, scaling }: Entrance,
  rows: NetworkRows,
  signal?: CancelSignal,
): Promise<NetworkRows> {
  if (rows.input.columns !== features.length) {
    throw new RangeError(`apply: rows have ${rows.input.columns} columns, the model ${features.length} features`);
  }
  const genes = chosenColumns(rows, chosen);
  if (scaling === null) return genes;
  const own = genes.input.rows >= scaling.ownFrom;
  return standardised(genes, own ? await geneMoments(genes, signal) : scaling.moments, scaling.clip);
}

/** What of a model its network is. */
export interface NetworkOfModel {
  readonly mask: TokenMask;
  readonly shape: NetworkShape;
  readonly parameters: NetworkArrays;
}

/**
 * What is wanted of the network for each row, without anything left out: one array [rows, width] per width.
 * @param rows of the chosen genes (`enteringRows`)
 */
export async function seen(
  { mask, shape, parameters }: NetworkOfModel,
  rows: NetworkRows,
  widths: readonly number[],
  wanted: (found: Forward) => readonly tf.Tensor2D[],
  signal?: CancelSignal,
): Promise<Float32Array[]> {
  const tensors = tensorsOf(parameters);
  const T = mask.names.length + 1;
  const perCell = T * shape.width + (shape.depth > 1 ? shape.heads * T * T : 0);
  const atOnce = Math.min(256, Math.max(1, Math.floor(VALUES_AT_ONCE / perCell)));
  try {
    return await encodeRows(
      rows,
      widths,
      (batch) => wanted(forward(tensors as KidaParameters, shape, tokenBatch(mask, batch.parts[0]!), null)),
      { atOnce, signal },
    );
  } finally {
    tf.dispose(tensors);
  }
}
