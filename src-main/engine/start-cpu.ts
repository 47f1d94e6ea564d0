import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { loops, registerSparseKernels } from './kernels/register-sparse-kernels.ts';
import { registerGradients } from './register-gradients.ts';

/** Makes the plain JavaScript backend of tfjs compute in this process: slow, and what the other engines are compared with. */
export async function startCpu(): Promise<void> {
  tf.enableProdMode(); // otherwise the backend prints an advertisement at its first use
  await tf.setBackend('cpu');
  const memory = {
    allocate: (shape: number[]) =>
      backend().makeTensorInfo(shape, 'float32', new Float32Array(tf.util.sizeFromShape(shape))),
    view: (tensor: tf.TensorInfo) => backend().readSync(tensor.dataId) as Float32Array,
  };
  registerSparseKernels('cpu', memory, loops);
  registerGradients();
}

function backend(): MathBackendCPU {
  return tf.backend() as MathBackendCPU;
}
