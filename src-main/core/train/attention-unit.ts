import * as tf from '@tensorflow/tfjs-core';
import { batchNorm } from './batch-norm.ts';
import { linear } from './mat-mul-fast.ts';

/** Weights of the attention unit for an embedding of width m and a hidden width h. */
export interface AttentionParameters {
  /** [m, h] */
  readonly attentionUnit: tf.Tensor2D;
  /** [h] */
  readonly attentionUnitBias: tf.Tensor1D;
  /** γ [h] */
  readonly normScale: tf.Tensor1D;
  /** β [h] */
  readonly normShift: tf.Tensor1D;
  /** [h, 2m]: column 2j scores leaving dimension j out, column 2j+1 taking it in. */
  readonly attentionHeads: tf.Tensor2D;
  /** [2m] in the same order */
  readonly attentionHeadsBias: tf.Tensor1D;
}

/**
 * How much each embedding dimension of each cell counts, 0…1: [n, m]. With e = tanh(batch norm(z·U + u)):
 *
 *     A_j = exp(in_j) / (exp(in_j) + exp(ex_j)) = σ(in_j − ex_j),  in_j = e·w_{2j+1} + b_{2j+1},  ex_j = e·w_{2j} + b_{2j}
 *
 * Computed from the difference of the two columns, which halves the product. Batch statistics are those of z.
 *
 * Source: CellPredX (PLoS Comput Biol 2026) Eq. 8–10.
 *
 * @param z [n, m], n ≥ 2
 */
export function attention(z: tf.Tensor2D, parameters: AttentionParameters): tf.Tensor2D {
  return tf.tidy(() => {
    const e = tf.tanh(batchNorm(unitInput(z, parameters), parameters.normScale, parameters.normShift)); // [n, h]
    const [h, twice] = parameters.attentionHeads.shape;
    const heads = inMinusOut(tf.reshape(parameters.attentionHeads, [h * (twice / 2), 2]), [h, twice / 2]);
    const bias = inMinusOut(tf.reshape(parameters.attentionHeadsBias, [twice / 2, 2]), [twice / 2]);
    return tf.sigmoid(tf.add(tf.matMul(e, heads as tf.Tensor2D), bias));
  });
}

/** What enters the batch normalisation of the attention unit: [n, h]. */
export function unitInput(z: tf.Tensor2D, parameters: AttentionParameters): tf.Tensor2D {
  return linear(z, parameters.attentionUnit, parameters.attentionUnitBias);
}

/** Second minus first column, in a new shape. */
function inMinusOut(pairs: tf.Tensor2D, shape: number[]): tf.Tensor {
  const rows = pairs.shape[0];
  return tf.reshape(tf.sub(tf.slice(pairs, [0, 1], [rows, 1]), tf.slice(pairs, [0, 0], [rows, 1])), shape);
}
