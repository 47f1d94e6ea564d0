import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { registerLoopKernels } from './kernels/register-loop-kernels.ts';
import { registerGradients } from './register-gradients.ts';

/** Makes the plain JavaScript backend of tfjs compute in this process: slow, and what the other engines are compared with. */
export async function startCpu(): Promise<void> {
  tf.enableProdMode(); // otherwise the backend prints an advertisement at its first use
  await tf.setBackend('cpu');
  registerLoopKernels('cpu', {
    allocate: (shape) => backend().makeTensorInfo(shape, 'float32', new Float32Array(tf.util.sizeFromShape(shape))),
    view: (tensor) => backend().readSync(tensor.dataId) as Float32Array,
  });
  registerGradients();
}

function backend(): MathBackendCPU {
  return tf.backend() as MathBackendCPU;
}
