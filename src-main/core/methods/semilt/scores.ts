import * as tf from '@tensorflow/tfjs-core';
import { type CancelSignal, throwIfCancelled } from '../../base/cancel.ts';
import { matMulFast } from '../../train/mat-mul-fast.ts';

/** What a query cell is compared with. */
export interface LabelledCells {
  readonly width: number;
  /** [cells, width] unit rows, row by row */
  readonly embedding: Float32Array;
  /** [cells] number of each cell's label */
  readonly label: Int32Array;
  /** [labels, width] mean unit row of each label, not brought to unit length */
  readonly centroids: Float32Array;
}

/** Added to each difference of coordinates, as the distance routine of the released code does. */
const OFFSET = 1e-6;
const ROWS_AT_ONCE = 256;

/** exp(−‖z − μ_k‖) of each row and label: [rows, labels], in (0, 1]. @param rows [·, width] unit rows */
export function centroidScores(
  rows: Float32Array,
  { width, centroids }: Pick<LabelledCells, 'width' | 'centroids'>,
): Float32Array {
  const labels = centroids.length / width;
  const cells = rows.length / width;
  const out = new Float32Array(cells * labels);
  for (let cell = 0; cell < cells; cell++) {
    for (let k = 0; k < labels; k++) {
      let sum = 0;
      for (let d = 0; d < width; d++) sum += (rows[cell * width + d]! - centroids[k * width + d]! + OFFSET) ** 2;
      out[cell * labels + k] = Math.exp(-Math.sqrt(sum));
    }
  }
  return out;
}

export interface NeighbourOptions {
  readonly k: number;
  readonly labels: number;
  /** [rows] a cell of `among` that does not count for the row (the row itself); −1 where all count. */
  readonly leftOut?: Int32Array;
  readonly signal?: CancelSignal | undefined;
}

/**
 * Share of each label among the k nearest of the labelled cells: [rows, labels]. Unit rows, so the nearest are those of
 * largest scalar product; of equally near ones the first counts. With fewer than k cells all of them are taken.
 *
 * @param rows [·, width] unit rows
 */
export async function neighbourScores(
  rows: Float32Array,
  among: Pick<LabelledCells, 'width' | 'embedding' | 'label'>,
  { k, labels, leftOut, signal }: NeighbourOptions,
): Promise<Float32Array> {
  const { width, embedding, label } = among;
  const [cells, others] = [rows.length / width, label.length];
  const out = new Float32Array(cells * labels);
  const compared = tf.tensor2d(embedding, [others, width]);
  try {
    for (let from = 0; from < cells; from += ROWS_AT_ONCE) {
      throwIfCancelled(signal);
      const to = Math.min(cells, from + ROWS_AT_ONCE);
      const product = tf.tidy(() =>
        matMulFast(tf.tensor2d(rows.subarray(from * width, to * width), [to - from, width]), compared, {
          transposeB: true,
        }),
      );
      const similarity = await product.data<'float32'>();
      product.dispose();
      for (let row = from; row < to; row++) {
        const nearest = largest(similarity, (row - from) * others, others, k, leftOut?.[row] ?? -1);
        for (const cell of nearest) out[row * labels + label[cell]!]! += 1 / nearest.length;
      }
      await tf.nextFrame();
    }
  } finally {
    compared.dispose();
  }
  return out;
}

/** Places of the k largest of `count` values from `from` on, `without` aside; of equal ones the first. */
function largest(values: Float32Array, from: number, count: number, k: number, without: number): number[] {
  const places: number[] = [];
  for (let place = 0; place < count; place++) {
    if (place === without) continue;
    const value = values[from + place]!;
    if (places.length === k && !(value > values[from + places[k - 1]!]!)) continue;
    let at = places.length;
    while (at > 0 && values[from + places[at - 1]!]! < value) at--;
    places.splice(at, 0, place);
    if (places.length > k) places.pop();
  }
  return places;
}

/** (1 − share)·neighbours + share·centroids, number by number. */
export function mixedScores(neighbours: Float32Array, centroids: Float32Array, share: number): Float32Array {
  return neighbours.map((score, i) => (1 - share) * score + share * centroids[i]!);
}
