import * as tf from '@tensorflow/tfjs-core';
import { CSR_MAT_MUL, CSR_MAT_MUL_WEIGHT_GRADIENT, type CsrMatMulAttributes } from '#core/train/csr-mat-mul';
import { BatchHolder } from './held-batch.ts';
import type { TensorflowBackend } from './tensorflow-backend.ts';

/**
 * Registers the sparse product and its weight gradient as TensorFlow's own `SparseTensorDenseMatMul`, for the gradient with the sparse
 * matrix transposed. Both cost what the stored values cost; no batch turns dense.
 *
 * On a processor the order of addition is fixed. On a card it is not (threads add atomically, tensorflow#56547), so a second run
 * with the same seed differs in the last digits.
 */
export function registerSparseKernels(backend: TensorflowBackend): void {
  const holder = new BatchHolder(backend.binding);
  tf.registerKernel({
    kernelName: CSR_MAT_MUL,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => {
      const { batch } = attrs as unknown as CsrMatMulAttributes;
      return sparseTimesDense(backend, holder.get(batch), inputs['weights']!, false);
    },
  });
  tf.registerKernel({
    kernelName: CSR_MAT_MUL_WEIGHT_GRADIENT,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => {
      const { batch } = attrs as unknown as CsrMatMulAttributes;
      const gradient = sparseTimesDense(backend, holder.get(batch), inputs['dy']!, true);
      holder.release();
      return gradient;
    },
  });
}

function sparseTimesDense(
  backend: TensorflowBackend,
  sparse: readonly number[],
  dense: tf.TensorInfo,
  transposed: boolean,
): tf.TensorInfo {
  const { binding } = backend;
  const attributes = [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'Tindices', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
    { name: 'adjoint_a', type: binding.TF_ATTR_BOOL, value: transposed },
    { name: 'adjoint_b', type: binding.TF_ATTR_BOOL, value: false },
  ];
  const ids = [...sparse, ...backend.getInputTensorIds([dense])];
  return backend.createOutputTensor(binding.executeOp('SparseTensorDenseMatMul', attributes, ids, 1)[0]);
}
