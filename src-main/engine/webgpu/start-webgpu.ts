import * as tf from '@tensorflow/tfjs-core';
import { CannotStart, type RunningEngine } from '../engine-driver.ts';
import { registerGradients } from '../register-gradients.ts';
import { startKernels } from '../wasm/start-kernels.ts';
import { findAdapter } from './find-adapter.ts';
import { registerSparseKernels } from './register-webgpu-kernels.ts';
import { registerMendedKernels } from './mended-kernels.ts';
import { WatchedBackend } from './watched-backend.ts';

/** Limits of the card that are asked for in full; a device gets the smallest of all cards otherwise. */
const limits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/**
 * Makes the graphics card compute in this process, by Dawn (WebGPU for Node) and the WebGPU backend of tfjs, with the sparse
 * kernels and all gradients registered, and our own kernels beside it. Results are read with `data()`; `dataSync()` throws. Throws `CannotStart`.
 */
export async function startWebGpu(): Promise<RunningEngine> {
  tf.enableProdMode();
  const { gpu, adapter, name } = await findAdapter();
  // Visible only now: a backend package that sees it while it loads registers a backend of its own, with smaller limits.
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  const device = await requestDevice(adapter, name);
  const backend = new WatchedBackend(device, adapter.info, name);
  tf.registerBackend('webgpu', () => backend);
  if (!(await tf.setBackend('webgpu'))) throw new Error('the WebGPU backend did not start');
  registerSparseKernels(backend);
  registerMendedKernels(backend);
  registerGradients();
  await startKernels('webgpu');
  return { description: `${name} by WebGPU`, adapter: name };
}

async function requestDevice(adapter: GPUAdapter, name: string): Promise<GPUDevice> {
  const requiredLimits = Object.fromEntries(limits.map((limit) => [limit, adapter.limits[limit]]));
  try {
    return await adapter.requestDevice({ requiredLimits });
  } catch (cause) {
    const words = cause instanceof Error ? cause.message.split('\n', 1)[0]! : String(cause);
    throw new CannotStart(
      { reason: `${name} did not open (${words}).`, whatToInstall: 'Install the newest driver of the graphics card.' },
      { cause },
    );
  }
}
