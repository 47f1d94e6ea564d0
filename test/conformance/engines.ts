import * as tf from '@tensorflow/tfjs-core';
import { whyNotCuda } from '#engine/cuda/why-not-cuda';
import { engineDrivers } from '#engine/engine-drivers';
import { startCpu } from '#engine/start-cpu';
import { ALLOW_SOFTWARE } from '#engine/webgpu/software-adapters';
import { softwareCard } from '#test/support/software-card';

/** How far an engine may lie from what is expected. All are relative to max(1, largest expected number). */
export interface Tolerance {
  /** One operation or its derivative, from the same on the reference. */
  readonly operation: number;
  /** Losses, derivatives and whole steps, from the expected-value files (float64). */
  readonly golden: number;
  /** Four steps of an optimiser, from the expected-value file. */
  readonly optimiser: number;
  /** Totals of 50 training steps and the probabilities after them, from the reference. */
  readonly training: number;
}

/** The engines under test: the plain JavaScript backend, which is the reference, and those that a person can choose. */
export const tolerances = {
  cpu: { operation: 0, golden: 2e-4, optimiser: 1e-6, training: 0 },
  wasm: { operation: 1e-5, golden: 2e-4, optimiser: 1e-6, training: 1e-3 },
  webgpu: { operation: 1e-5, golden: 2e-4, optimiser: 1e-6, training: 1e-3 },
  tensorflow: { operation: 1e-5, golden: 2e-4, optimiser: 1e-6, training: 1e-3 },
} as const satisfies Record<string, Tolerance>;

/** By the name under which tfjs knows it. */
export type TestedEngine = keyof typeof tolerances;

/** Cells whose label must be that of the reference after 50 steps. */
export const LABEL_AGREEMENT = 0.99;

/**
 * Why an engine cannot be tested here; null if it can. A program that pretends to be a graphics card is tested unless the
 * environment variable CELLPREDX_TEST_REAL_CARD is 1.
 */
export function absentHere(engine: TestedEngine): string | null {
  process.env[ALLOW_SOFTWARE] = '1';
  if (engine === 'webgpu') return process.env['CELLPREDX_TEST_REAL_CARD'] === '1' ? null : softwareCard();
  if (engine === 'tensorflow') return whyNotCuda()?.reason ?? null;
  return null;
}

/** Makes the reference and the engine ready in this process, which has none other. */
export async function startTested(engine: TestedEngine): Promise<void> {
  await startCpu();
  if (engine === 'wasm') await engineDrivers.wasm.start();
  if (engine === 'webgpu') {
    await engineDrivers.webgpu.start();
    tf.env().set('WEBGPU_CPU_FORWARD', false); // otherwise small tensors never reach the card
  }
  if (engine === 'tensorflow') await engineDrivers.cuda.start();
  if (tf.getBackend() !== engine) throw new Error(`${tf.getBackend()} runs instead of ${engine}`);
}

/** What the work computes on an engine: the numbers of each tensor it gives back. All tensors made on the way are freed. */
export async function computed(engine: TestedEngine, work: () => tf.Tensor[]): Promise<Float32Array[]> {
  await tf.setBackend(engine);
  const tensors = tf.tidy(work);
  const numbers = await Promise.all(tensors.map(async (tensor) => Float32Array.from(await tensor.data())));
  tf.dispose(tensors);
  return numbers;
}
