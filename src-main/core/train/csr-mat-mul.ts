import * as tf from '@tensorflow/tfjs-core';
import type { CsrBatch } from './csr-batch.ts';

/** Names under which an engine registers its two kernels; attributes are those of `CsrMatMulAttributes`. */
export const CSR_MAT_MUL = 'CsrMatMul';
export const CSR_MAT_MUL_WEIGHT_GRADIENT = 'CsrMatMulWeightGradient';

/** What travels beside the tensors to both kernels. */
export interface CsrMatMulAttributes {
  readonly batch: CsrBatch;
}

/**
 * Product of a sparse batch and dense weights: [rows, features] × [features, width] → [rows, width].
 * A part with a shift counts as its matrix plus that shift in every row: X·W + 1·(shiftᵀ·W).
 * Cost follows the stored values; a shift costs one row more. Differentiable with respect to the weights; the batch is a constant.
 *
 * @param weights [features, width] float32
 */
export function csrMatMul(batch: CsrBatch, weights: tf.Tensor2D): tf.Tensor2D {
  if (weights.shape[0] !== batch.columns) {
    throw new RangeError(`csrMatMul: batch has ${batch.columns} columns, weights are [${weights.shape.join(', ')}]`);
  }
  const product = (): tf.Tensor2D => tf.engine().runKernel(CSR_MAT_MUL, { weights }, attributes(batch)) as tf.Tensor2D;
  if (!shifted(batch)) return product();
  return tf.tidy(() => {
    const perPart = tf.matMul(shiftRows(batch), weights); // [parts, width]
    return tf.add(product(), tf.matMul(partOfRow(batch), perPart));
  });
}

/**
 * Derivative of a loss with respect to the weights of `csrMatMul`: batchᵀ × dy,
 * [features, rows] × [rows, width] → [features, width].
 *
 * @param dy [rows, width] derivative of the loss with respect to the product
 */
export function csrMatMulWeightGradient(batch: CsrBatch, dy: tf.Tensor2D): tf.Tensor2D {
  if (dy.shape[0] !== batch.rows) {
    throw new RangeError(`csrMatMulWeightGradient: batch has ${batch.rows} rows, dy is [${dy.shape.join(', ')}]`);
  }
  if (!shifted(batch)) return storedGradient(batch, dy);
  return tf.tidy(() => {
    const perPart = tf.matMul(tf.transpose(partOfRow(batch)), dy); // [parts, width]
    return tf.add(storedGradient(batch, dy), tf.matMul(tf.transpose(shiftRows(batch)), perPart));
  });
}

/** The gradient of `csrMatMul`, in the form tfjs registers gradients. */
export const csrMatMulGradient: tf.GradConfig = {
  kernelName: CSR_MAT_MUL,
  gradFunc: (dy, _saved, attrs) => {
    const { batch } = attrs as unknown as CsrMatMulAttributes;
    return { weights: () => storedGradient(batch, dy as tf.Tensor2D) };
  },
};

/** The gradient through the stored values alone; the shift is ordinary dense algebra around the kernel. */
function storedGradient(batch: CsrBatch, dy: tf.Tensor2D): tf.Tensor2D {
  return tf.engine().runKernel(CSR_MAT_MUL_WEIGHT_GRADIENT, { dy }, attributes(batch)) as tf.Tensor2D;
}

function shifted(batch: CsrBatch): boolean {
  return batch.parts.some((part) => part.shift !== undefined);
}

/** The shift of each part: [parts, features]. */
function shiftRows(batch: CsrBatch): tf.Tensor2D {
  const values = new Float32Array(batch.parts.length * batch.columns);
  batch.parts.forEach(({ shift }, i) => shift !== undefined && values.set(shift, i * batch.columns));
  return tf.tensor2d(values, [batch.parts.length, batch.columns]);
}

/** 1 where a row belongs to a part, else 0: [rows, parts]. */
function partOfRow(batch: CsrBatch): tf.Tensor2D {
  const parts = batch.parts.length;
  const values = new Float32Array(batch.rows * parts);
  let row = 0;
  batch.parts.forEach(({ rows }, i) => {
    for (let r = 0; r < rows.length; r++) values[row++ * parts + i] = 1;
  });
  return tf.tensor2d(values, [batch.rows, parts]);
}

/** tfjs passes attributes through untouched; its type only knows JSON values. */
function attributes(batch: CsrBatch): tf.NamedAttrMap {
  return { batch } satisfies CsrMatMulAttributes as unknown as tf.NamedAttrMap;
}
