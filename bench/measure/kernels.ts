import * as tf from '@tensorflow/tfjs-core';
import { Random } from '#core/base/random';
import { rowRange } from '#core/train/csr-batch';
import { csrMatMul, csrMatMulWeightGradient } from '#core/train/csr-mat-mul';
import type { EngineName } from '#engine/engine-report';
import { startEngine } from '#engine/start-engine';
import { answer } from '../support/own-process.ts';
import { randomRows } from '../support/random-pair.ts';

export interface KernelCase {
  readonly engine: EngineName;
  readonly threads?: number | undefined;
  readonly rows: number;
  readonly genes: number;
  readonly densities: readonly number[];
  readonly widths: readonly number[];
  readonly repeats: number;
}

export interface KernelSpeeds {
  readonly engine: string;
  readonly speeds: readonly KernelSpeed[];
}

export interface KernelSpeed {
  readonly density: number;
  readonly width: number;
  /** Best time of X·W, and of Xᵀ·dY. */
  readonly forwardMs: number;
  readonly gradientMs: number;
  /** 10⁹ multiplications and additions a second, of stored values only. */
  readonly forwardGflops: number;
  readonly gradientGflops: number;
}

/** Times the sparse product and its gradient, from the rows as they lie in memory to numbers that can be read. */
export async function kernelSpeeds(asked: KernelCase): Promise<KernelSpeeds> {
  const { description } = await startEngine(asked.engine, { threads: asked.threads });
  const { rows, genes, repeats } = asked;
  const speeds: KernelSpeed[] = [];
  for (const density of asked.densities) {
    const batch = rowRange(randomRows(new Random(1), rows, genes, density));
    const operations = 2 * rows * Math.round(genes * density);
    for (const width of asked.widths) {
      const weights: tf.Tensor2D = tf.randomUniform([genes, width], -1, 1, 'float32', 1);
      const dy: tf.Tensor2D = tf.randomUniform([rows, width], -1, 1, 'float32', 2);
      const forwardMs = await best(repeats, () => csrMatMul(batch, weights));
      const gradientMs = await best(repeats, () => csrMatMulWeightGradient(batch, dy));
      tf.dispose([weights, dy]);
      const gflops = (ms: number): number => (operations * width) / (ms * 1e6);
      speeds.push({
        density,
        width,
        forwardMs,
        gradientMs,
        forwardGflops: gflops(forwardMs),
        gradientGflops: gflops(gradientMs),
      });
    }
  }
  return { engine: description, speeds };
}

/** Milliseconds of the fastest of so many runs; the first two, which warm up, do not count. */
async function best(repeats: number, work: () => tf.Tensor): Promise<number> {
  let fastest = Infinity;
  for (let i = -2; i < repeats; i++) {
    const start = performance.now();
    const made = work();
    await made.data();
    const ms = performance.now() - start;
    made.dispose();
    if (i >= 0) fastest = Math.min(fastest, ms);
  }
  return fastest;
}

if (import.meta.main) await answer(kernelSpeeds);
