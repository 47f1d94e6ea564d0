import * as tf from '@tensorflow/tfjs-core';
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

/** Registers the sparse product and its weight gradient, written as plain loops, for a backend whose memory JavaScript can see. */
export function registerLoopKernels(backendName: string, memory: HostMemory): void {
  tf.registerKernel({
    kernelName: CSR_MAT_MUL,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { batch } = attrs as unknown as CsrMatMulAttributes;
      const weights = inputs['weights']!;
      const width = weights.shape[1]!;
      const product = memory.allocate([batch.rows, width]);
      const out = memory.view(product);
      csrMatMulLoops(batch, memory.view(weights), width, out);
      return product;
    },
  });
  tf.registerKernel({
    kernelName: CSR_MAT_MUL_WEIGHT_GRADIENT,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { batch } = attrs as unknown as CsrMatMulAttributes;
      const dy = inputs['dy']!;
      const width = dy.shape[1]!;
      const gradient = memory.allocate([batch.columns, width]);
      const out = memory.view(gradient);
      csrMatMulWeightGradientLoops(batch, memory.view(dy), width, out);
      return gradient;
    },
  });
}
