import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { AppError } from '#core/base/app-error';
import { registerCdaScStepper } from '#core/methods/cda-sc/stepper';
import { registerStepper } from '#core/methods/cellpredx/stepper';
import { registerSparseKernels } from '../kernels/register-sparse-kernels.ts';
import { registerGradients } from '../register-gradients.ts';
import { wasmCdaScStepper } from './layers/cda-sc-stepper.ts';
import { registerMendedOperations } from './mended-operations.ts';
import { sparseAlgebra } from './sparse-algebra.ts';
import { startKernels } from './start-kernels.ts';
import { wasmStepper } from './step/wasm-stepper.ts';

/**
 * Makes the WebAssembly backend of tfjs compute in this process, with all gradients registered, and beside it our own kernels for
 * sparse products and whole training steps, on as many threads as pay (or as asked for).
 */
export async function startWasm(folder = packageFolder(), threads?: number): Promise<{ threads: number }> {
  tf.enableProdMode();
  setWasmPaths(folder.endsWith(sep) ? folder : folder + sep);
  const before = listenersOf();
  const ready = await tf.setBackend('wasm');
  removeListenersSince(before);
  if (!ready) throw new AppError('training.engine-did-not-start', { engine: 'wasm', folder });
  const pool = await startKernels('wasm', threads);
  const memory = {
    allocate: (shape: number[]) => backend().makeOutput(shape, 'float32'),
    view: (tensor: tf.TensorInfo) => backend().typedArrayFromHeap(tensor) as Float32Array,
  };
  registerSparseKernels('wasm', memory, sparseAlgebra(pool));
  registerMendedOperations(memory);
  registerStepper('wasm', wasmStepper(pool));
  registerCdaScStepper('wasm', wasmCdaScStepper(pool));
  registerGradients();
  return { threads: pool.threads };
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
