import * as tf from '@tensorflow/tfjs-core';
import { type CancelSignal, throwIfCancelled } from '../base/cancel.ts';
import type { NetworkRows } from '../data/aligned-pair.ts';
import { blocksOf } from '../data/sparse-rows.ts';
import { type CsrBatch, rowRange } from './csr-batch.ts';

/**
 * What a network says about each row: `compute` gives, for a batch of rows, one tensor [rows of the batch, width] per width,
 * and each comes back as one array [rows, width]. Rows are taken at most `atOnce` at a time; between two batches the event
 * loop gets its turn. Ends with `Cancelled` when the signal is aborted.
 */
export async function encodeRows(
  rows: NetworkRows,
  widths: readonly number[],
  compute: (batch: CsrBatch) => readonly tf.Tensor2D[],
  { atOnce, signal }: { readonly atOnce: number; readonly signal: CancelSignal | undefined },
): Promise<Float32Array[]> {
  const out = widths.map((width) => new Float32Array(rows.input.rows * width));
  for await (const { from, matrix } of blocksOf(rows.input, signal)) {
    for (let row = 0; row < matrix.rows; row += atOnce) {
      throwIfCancelled(signal);
      const batch = rowRange(matrix, row, Math.min(matrix.rows, row + atOnce), rows.shift);
      const tensors = tf.tidy(() => [...compute(batch)]);
      try {
        for (const [i, tensor] of tensors.entries()) {
          out[i]!.set(await tensor.data<'float32'>(), (from + row) * widths[i]!);
        }
      } finally {
        tf.dispose(tensors);
      }
      await tf.nextFrame();
    }
  }
  return out;
}
