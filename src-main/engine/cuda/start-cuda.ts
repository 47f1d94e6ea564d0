import * as tf from '@tensorflow/tfjs-core';
import { CannotStart, type RunningEngine } from '../engine-driver.ts';
import { registerGradients } from '../register-gradients.ts';
import { startKernels } from '../wasm/start-kernels.ts';
import { softwareAllowed } from '../webgpu/software-adapters.ts';
import { missingLibraries } from './cuda-libraries.ts';
import { nvidiaCards, tooNew } from './graphics-cards.ts';
import { registerSparseKernels } from './register-tensorflow-kernels.ts';
import { loadTensorflow, type TensorflowBackend } from './tensorflow-backend.ts';
import { findTfjsNode } from './tfjs-node-package.ts';
import { neededVersions, whyNotCuda } from './why-not-cuda.ts';

/**
 * Makes an NVIDIA card compute in this process, by libtensorflow and the tfjs-node backend, with the sparse kernels and all gradients
 * registered, and our own kernels beside it. Throws `CannotStart`, naming what is absent; libtensorflow itself would quietly take the processor instead.
 */
export async function startCuda(): Promise<RunningEngine> {
  tf.enableProdMode();
  const hindrance = whyNotCuda();
  if (hindrance !== null) throw new CannotStart(hindrance);
  const cards = await nvidiaCards();
  if (!softwareAllowed()) refuseUnfit(missingLibraries(), tooNew(cards));
  const backend = await loaded(findTfjsNode()!.folder);
  const version = `TensorFlow ${backend.binding.TF_Version}`;
  if (!backend.isUsingGpuDevice && !softwareAllowed()) {
    throw new CannotStart({
      reason: `${version} started and found no graphics card that it can use.`,
      whatToInstall: `Install the newest driver of the NVIDIA card, ${neededVersions}; or choose the engine webgpu.`,
    });
  }
  registerSparseKernels(backend);
  registerGradients();
  await startKernels('tensorflow');
  if (!backend.isUsingGpuDevice) return { description: `Processor by ${version}` };
  const adapter = cards.map(({ name }) => name).join(', ') || 'NVIDIA card';
  return { description: `${adapter} by CUDA (${version})`, adapter };
}

function refuseUnfit(missing: readonly string[], newer: ReturnType<typeof tooNew>): void {
  if (newer !== null) throw new CannotStart(newer);
  if (missing.length === 0) return;
  const path = process.platform === 'win32' ? 'PATH' : 'LD_LIBRARY_PATH';
  throw new CannotStart({
    reason: `Libraries that TensorFlow needs for a graphics card are not found: ${missing.join(', ')}.`,
    whatToInstall: `Install ${neededVersions} and name their folder in ${path}; newer versions do not serve. Or choose the engine webgpu.`,
  });
}

async function loaded(folder: string): Promise<TensorflowBackend> {
  try {
    return await loadTensorflow(folder);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message.split('\n', 1)[0]! : String(cause);
    throw new CannotStart(
      {
        reason: `libtensorflow could not be loaded from ${folder} (${words}).`,
        whatToInstall: 'With a network, where it was installed: npm rebuild @tensorflow/tfjs-node-gpu.',
      },
      { cause },
    );
  }
}
