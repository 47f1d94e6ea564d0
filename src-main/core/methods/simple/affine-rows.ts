import * as tf from '@tensorflow/tfjs-core';
import type { CancelSignal } from '../../base/cancel.ts';
import type { NetworkRows } from '../../data/aligned-pair.ts';
import { csrMatMul } from '../../train/csr-mat-mul.ts';
import { encodeRows } from '../../train/encode-rows.ts';

/** z = x·W + b. */
export interface AffineMap {
  readonly width: number;
  /** W [features, width] row by row */
  readonly weights: Float32Array;
  /** b [width] */
  readonly bias: Float32Array;
}

/** Rows multiplied at once. */
const ROWS_AT_ONCE = 4096;

/** x·W + b of every row: [rows, width]. Rows must be as wide as W is high. */
export async function affineRows(
  { width, weights, bias }: AffineMap,
  rows: NetworkRows,
  signal: CancelSignal | undefined,
): Promise<Float32Array> {
  requireColumns(rows, weights.length / width);
  const [w, b] = [tf.tensor2d(weights, [weights.length / width, width]), tf.tensor1d(bias)];
  try {
    const [values] = await encodeRows(rows, [width], (batch) => [tf.add(csrMatMul(batch, w), b)], {
      atOnce: ROWS_AT_ONCE,
      signal,
    });
    return values!;
  } finally {
    tf.dispose([w, b]);
  }
}

/** Refuses rows of another width than the model's features: a fault of the caller. */
export function requireColumns({ input }: NetworkRows, features: number): void {
  if (input.columns !== features) {
    throw new RangeError(`apply: rows have ${input.columns} columns, the model ${features} features`);
  }
}

/** softmax(sharpness · score) of each row: [rows, labels]; the largest score of a row is taken off against overflow. */
export function softmaxRows(scores: Float32Array, labels: number, sharpness: number): Float32Array {
  const out = new Float32Array(scores.length);
  for (let from = 0; from < scores.length; from += labels) {
    let highest = -Infinity;
    for (let k = 0; k < labels; k++) highest = Math.max(highest, scores[from + k]!);
    let sum = 0;
    for (let k = 0; k < labels; k++) sum += Math.exp(sharpness * (scores[from + k]! - highest));
    for (let k = 0; k < labels; k++) out[from + k] = Math.exp(sharpness * (scores[from + k]! - highest)) / sum;
  }
  return out;
}
