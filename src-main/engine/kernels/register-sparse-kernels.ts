import * as tf from '@tensorflow/tfjs-core';
import type { CsrBatch } from '#core/train/csr-batch';
import { CSR_MAT_MUL, CSR_MAT_MUL_WEIGHT_GRADIENT, type CsrMatMulAttributes } from '#core/train/csr-mat-mul';
import { csrMatMulLoops, csrMatMulWeightGradientLoops } from './csr-mat-mul-loops.ts';

/**
 * Where a backend keeps the numbers of a tensor. `view` may become invalid when memory is allocated,
 * so results are allocated first and views taken last.
 */
export interface HostMemory {
  allocate(shape: number[]): tf.TensorInfo;
  /** The numbers themselves, not a copy. */
  view(tensor: tf.TensorInfo): Float32Array;
}

/** Products of sparse rows with dense float32 matrices in ordinary memory. What `out` held before is lost. */
export interface SparseAlgebra {
  /** out [rows, width] = batch × dense [columns, width] */
  product(batch: CsrBatch, dense: Float32Array, width: number, out: Float32Array): void;
  /** out [columns, width] = batchᵀ × dense [rows, width] */
  transposedProduct(batch: CsrBatch, dense: Float32Array, width: number, out: Float32Array): void;
}

/** In plain loops: slow, and what all others are compared with. */
export const loops: SparseAlgebra = { product: csrMatMulLoops, transposedProduct: csrMatMulWeightGradientLoops };

/** Registers the sparse product and its weight gradient for a backend whose memory JavaScript can see. */
export function registerSparseKernels(backendName: string, memory: HostMemory, algebra: SparseAlgebra): void {
  const register = (
    kernelName: string,
    input: string,
    rowsOut: (batch: CsrBatch) => number,
    compute: SparseAlgebra['product'],
  ): void =>
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs }) => {
        const { batch } = attrs as unknown as CsrMatMulAttributes;
        const dense = inputs[input]!;
        const width = dense.shape[1]!;
        const out = memory.allocate([rowsOut(batch), width]);
        compute(batch, memory.view(dense), width, memory.view(out));
        return out;
      },
    });
  register(CSR_MAT_MUL, 'weights', (batch) => batch.rows, algebra.product);
  register(CSR_MAT_MUL_WEIGHT_GRADIENT, 'dy', (batch) => batch.columns, algebra.transposedProduct);
}
