import * as tf from '@tensorflow/tfjs-core';
import type { HostMemory } from '../kernels/register-sparse-kernels.ts';

/**
 * Replaces operations of the backend that would not do: the sign, which takes several times as long as a plain loop and calls 0 whatever
 * is nearer to 0 than 10⁻⁷.
 */
export function registerMendedOperations(memory: HostMemory): void {
  const original = tf.getKernel('Sign', 'wasm');
  if (original === undefined) throw new Error('registerMendedOperations: the backend has no sign');
  tf.unregisterKernel('Sign', 'wasm');
  tf.registerKernel({
    ...original,
    kernelFunc: (params) => {
      const x = params.inputs['x']!;
      if (x.dtype !== 'float32') return original.kernelFunc(params);
      const out = memory.allocate(x.shape);
      const [from, to] = [memory.view(x), memory.view(out)];
      for (let i = 0; i < to.length; i++) {
        const value = from[i]!;
        to[i] = Number(value > 0) - Number(value < 0); // no branch: signs of weights cannot be foretold, and a wrong guess is dear
      }
      return out;
    },
  });
}
