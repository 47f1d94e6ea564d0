import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { batchStoredValues, type CsrBatch } from '#core/train/csr-batch';
import { CSR_MAT_MUL, CSR_MAT_MUL_WEIGHT_GRADIENT, type CsrMatMulAttributes } from '#core/train/csr-mat-mul';
import { simdKernels } from '../kernels/csr-mat-mul-simd.ts';
import type { WasmMemory } from '../kernels/web-assembly.ts';

/**
 * Registers the sparse product and its weight gradient as SIMD code that works in the memory of the tfjs backend itself:
 * weights, results and derivatives stay where they are, only the rows of the batch are copied in.
 */
export async function registerSimdKernels(backend: BackendWasm, memory: WasmMemory): Promise<void> {
  const kernels = await simdKernels(memory);
  const address = (tensor: tf.TensorInfo): number => backend.getMemoryOffset(tensor.dataId);
  tf.registerKernel({
    kernelName: CSR_MAT_MUL,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { batch } = attrs as unknown as CsrMatMulAttributes;
      const weights = inputs['weights']!;
      const width = weights.shape[1]!;
      const product = backend.makeOutput([batch.rows, width], 'float32');
      withBatch(backend, batch, (indptr, indices, values) =>
        kernels.product(indptr, indices, values, batch.rows, address(weights), width, address(product)),
      );
      return product;
    },
  });
  tf.registerKernel({
    kernelName: CSR_MAT_MUL_WEIGHT_GRADIENT,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { batch } = attrs as unknown as CsrMatMulAttributes;
      const dy = inputs['dy']!;
      const width = dy.shape[1]!;
      const gradient = backend.makeOutput([batch.columns, width], 'float32');
      withBatch(backend, batch, (indptr, indices, values) => {
        backend.typedArrayFromHeap(gradient).fill(0);
        kernels.weightGradient(indptr, indices, values, batch.rows, address(dy), width, address(gradient));
      });
      return gradient;
    },
  });
}

/** Copies the rows of a batch into the memory of the backend for the time of the work. */
function withBatch(
  backend: BackendWasm,
  batch: CsrBatch,
  work: (indptr: number, indices: number, values: number) => void,
): void {
  const stored = batchStoredValues(batch);
  const words = batch.rows + 1 + 2 * stored;
  const start = backend.wasm._malloc(4 * words) >>> 0; // addresses beyond 2 GB come as negative numbers
  if (start === 0) throw new Error(`csrMatMul: no memory for a batch of ${stored} stored values`);
  try {
    const { buffer } = backend.wasm.HEAPU8; // after allocation, which may have moved it
    const indptr = new Uint32Array(buffer, start, batch.rows + 1);
    const indices = new Uint32Array(buffer, start + indptr.byteLength, stored);
    const values = new Float32Array(buffer, indices.byteOffset + indices.byteLength, stored);
    let row = 0;
    let filled = 0;
    indptr[0] = 0;
    for (const { matrix, rows } of batch.parts) {
      for (const source of rows) {
        const from = matrix.indptr[source]!;
        const to = matrix.indptr[source + 1]!;
        indices.set(matrix.indices.subarray(from, to), filled);
        values.set(matrix.values.subarray(from, to), filled);
        filled += to - from;
        indptr[++row] = filled;
      }
    }
    work(indptr.byteOffset, indices.byteOffset, values.byteOffset);
  } finally {
    backend.wasm._free(start);
  }
}
