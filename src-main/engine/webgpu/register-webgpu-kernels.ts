import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { batchStoredValues } from '#core/train/csr-batch';
import { CSR_MAT_MUL, CSR_MAT_MUL_WEIGHT_GRADIENT, type CsrMatMulAttributes } from '#core/train/csr-mat-mul';
import { productProgram, weightGradientProgram } from './sparse-programs.ts';
import { BatchUploader } from './uploaded-batch.ts';

/** Registers the sparse product and its weight gradient for the graphics card. */
export function registerSparseKernels(backend: WebGPUBackend): void {
  const uploader = new BatchUploader(backend);
  tf.registerKernel({
    kernelName: CSR_MAT_MUL,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs }) => {
      const { batch } = attrs as unknown as CsrMatMulAttributes;
      const weights = inputs['weights']!;
      const shape: [number, number] = [batch.rows, weights.shape[1]!];
      if (batchStoredValues(batch) === 0) return zeros(backend, shape);
      return backend.runWebGPUProgram(productProgram(shape), [weights, ...uploader.get(batch)], 'float32');
    },
  });
  tf.registerKernel({
    kernelName: CSR_MAT_MUL_WEIGHT_GRADIENT,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs }) => {
      const { batch } = attrs as unknown as CsrMatMulAttributes;
      const dy = inputs['dy']!;
      const shape: [number, number] = [batch.columns, dy.shape[1]!];
      if (batchStoredValues(batch) === 0) return zeros(backend, shape);
      const gradient = backend.runWebGPUProgram(weightGradientProgram(shape), [dy, ...uploader.get(batch)], 'float32');
      uploader.release();
      return gradient;
    },
  });
}

function zeros(backend: WebGPUBackend, shape: [number, number]): tf.TensorInfo {
  return backend.makeTensorInfo(shape, 'float32', new Float32Array(shape[0] * shape[1]));
}
