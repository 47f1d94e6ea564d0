import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type BackendWasm, getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { AppError } from '#core/base/app-error';
import { registerLoopKernels } from '../kernels/register-loop-kernels.ts';
import { webAssembly } from '../kernels/web-assembly.ts';
import { registerGradients } from '../register-gradients.ts';
import { registerSimdKernels } from './register-simd-kernels.ts';

/** Makes the WebAssembly backend of tfjs compute in this process, with the sparse product and all gradients registered. */
export async function startWasm(folder = packageFolder()): Promise<{ threads: number }> {
  tf.enableProdMode();
  setWasmPaths(folder.endsWith(sep) ? folder : folder + sep);
  const before = listenersOf();
  const ready = await tf.setBackend('wasm');
  removeListenersSince(before);
  if (!ready) throw new AppError('training.engine-did-not-start', { engine: 'wasm', folder });
  await registerSparseKernels();
  registerGradients();
  return { threads: getThreadsCount() };
}

/** SIMD code in the backend's own memory; plain loops over the same memory where the backend does not show it. */
async function registerSparseKernels(): Promise<void> {
  const { memory } = (backend().wasm as unknown as { asm?: { memory?: unknown } }).asm ?? {};
  if (memory instanceof webAssembly.Memory) return registerSimdKernels(backend(), memory);
  registerLoopKernels('wasm', {
    allocate: (shape) => backend().makeOutput(shape, 'float32'),
    view: (tensor) => backend().typedArrayFromHeap(tensor) as Float32Array,
  });
}

function backend(): BackendWasm {
  return tf.backend() as BackendWasm;
}

/** Where npm put the .wasm files. */
function packageFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
}

function listenersOf(): Set<unknown> {
  return new Set<unknown>([...process.listeners('uncaughtException'), ...process.listeners('unhandledRejection')]);
}

/** The compiled module takes over the fault handlers of the whole process when it loads; that is not its business. */
function removeListenersSince(before: Set<unknown>): void {
  for (const listener of process.listeners('uncaughtException')) {
    if (!before.has(listener)) process.removeListener('uncaughtException', listener);
  }
  for (const listener of process.listeners('unhandledRejection')) {
    if (!before.has(listener)) process.removeListener('unhandledRejection', listener);
  }
}
