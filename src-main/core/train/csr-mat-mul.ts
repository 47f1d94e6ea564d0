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
 * Cost follows the stored values. Differentiable with respect to the weights; the batch is a constant.
 *
 * @param weights [features, width] float32
 */
export function csrMatMul(batch: CsrBatch, weights: tf.Tensor2D): tf.Tensor2D {
  if (weights.shape[0] !== batch.columns) {
    throw new RangeError(`csrMatMul: batch has ${batch.columns} columns, weights are [${weights.shape.join(', ')}]`);
  }
  return tf.engine().runKernel(CSR_MAT_MUL, { weights }, attributes(batch)) as tf.Tensor2D;
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
  return tf.engine().runKernel(CSR_MAT_MUL_WEIGHT_GRADIENT, { dy }, attributes(batch)) as tf.Tensor2D;
}

/** The gradient of `csrMatMul`, in the form tfjs registers gradients. */
export const csrMatMulGradient: tf.GradConfig = {
  kernelName: CSR_MAT_MUL,
  gradFunc: (dy, _saved, attrs) => {
    const { batch } = attrs as unknown as CsrMatMulAttributes;
    return { weights: () => csrMatMulWeightGradient(batch, dy as tf.Tensor2D) };
  },
};

/** tfjs passes attributes through untouched; its type only knows JSON values. */
function attributes(batch: CsrBatch): tf.NamedAttrMap {
  return { batch } satisfies CsrMatMulAttributes as unknown as tf.NamedAttrMap;
}
