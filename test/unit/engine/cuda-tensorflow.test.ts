import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { csrBatch, rowRange } from '#core/train/csr-batch';
import { csrMatMul, csrMatMulWeightGradient } from '#core/train/csr-mat-mul';
import type { RunningEngine } from '#engine/engine-driver';
import { cudaDriver } from '#engine/cuda/cuda-driver';
import type { TensorflowBackend } from '#engine/cuda/tensorflow-backend';
import { PACKAGE_FOLDER } from '#engine/cuda/tfjs-node-package';
import { csrMatMulLoops, csrMatMulWeightGradientLoops } from '#engine/kernels/csr-mat-mul-loops';
import { ALLOW_SOFTWARE } from '#engine/webgpu/software-adapters';

/** Sums of about a thousand products, taken in another order. */
const TOLERANCE = 1e-5;

function randomMatrix(random: Random, rows: number, columns: number, stored: number): CsrMatrix {
  const indices = new Uint32Array(rows * stored);
  for (let row = 0; row < rows; row++) indices.set(random.sample(columns, stored).sort(), row * stored);
  return {
    rows,
    columns,
    indptr: Float64Array.from({ length: rows + 1 }, (_, row) => row * stored),
    indices,
    values: Float32Array.from(indices, () => random.uniform() - 0.5),
  };
}

function randomNumbers(random: Random, length: number): Float32Array {
  return Float32Array.from({ length }, () => random.uniform() - 0.5);
}

/** The largest distance, relative to the largest expected number. */
function distance(found: ArrayLike<number>, expected: Float32Array): number {
  expect(found.length).toBe(expected.length);
  const scale = expected.reduce((most, x) => Math.max(most, Math.abs(x)), Number.MIN_VALUE);
  return expected.reduce((most, x, i) => Math.max(most, Math.abs(found[i]! - x)), 0) / scale;
}

describe.skipIf(process.env[PACKAGE_FOLDER] === undefined)(
  `libtensorflow, where ${PACKAGE_FOLDER} names a built package`,
  () => {
    let running: RunningEngine;
    let backend: TensorflowBackend;
    beforeAll(async () => {
      process.env[ALLOW_SOFTWARE] = '1';
      expect(await cudaDriver.whyNot()).toBeNull();
      running = await cudaDriver.start();
      backend = tf.backend() as unknown as TensorflowBackend;
    });

    test('computes, and says whether a card or the processor does', () => {
      expect(tf.getBackend()).toBe('tensorflow');
      expect(running.description).toContain(`TensorFlow ${backend.binding.TF_Version}`);
      expect(running.adapter === undefined).toBe(!backend.isUsingGpuDevice);
      expect(tf.tidy(() => tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).arraySync())).toEqual([
        [3, 3],
        [3, 3],
      ]);
    });

    test.each([1, 7, 64])('multiplies rows of two matrices as plain loops do, at width %i', (width) => {
      const random = new Random(width);
      const [a, b] = [randomMatrix(random, 300, 2000, 160), randomMatrix(random, 100, 2000, 40)];
      const batch = csrBatch([
        { matrix: a, rows: random.sample(300, 200) },
        { matrix: b, rows: Int32Array.of(99, 0, 99) },
      ]);
      const weights = randomNumbers(random, 2000 * width);
      const dy = randomNumbers(random, 203 * width);
      const product = new Float32Array(203 * width);
      const gradient = new Float32Array(2000 * width);
      csrMatMulLoops(batch, weights, width, product);
      csrMatMulWeightGradientLoops(batch, dy, width, gradient);
      tf.tidy(() => {
        const w: tf.Tensor2D = tf.tensor2d(weights, [2000, width]);
        const d: tf.Tensor2D = tf.tensor2d(dy, [203, width]);
        expect(distance(csrMatMul(batch, w).dataSync(), product)).toBeLessThan(TOLERANCE);
        expect(distance(csrMatMulWeightGradient(batch, d).dataSync(), gradient)).toBeLessThan(TOLERANCE);
        const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(csrMatMul(batch, x as tf.Tensor2D), d));
        expect(distance(tf.grad(loss)(w).dataSync(), gradient)).toBeLessThan(TOLERANCE);
      });
    });

    test('gives the same bits again where the processor computes', ({ skip }) => {
      skip(backend.isUsingGpuDevice, 'a card adds in changing order');
      const random = new Random(3);
      const batch = rowRange(randomMatrix(random, 200, 3000, 300));
      tf.tidy(() => {
        const weights: tf.Tensor2D = tf.tensor2d(randomNumbers(random, 3000 * 32), [3000, 32]);
        const [first, second] = [csrMatMul(batch, weights), csrMatMul(batch, weights)];
        expect(first.dataSync()).toEqual(second.dataSync());
        const gradients = [csrMatMulWeightGradient(batch, first), csrMatMulWeightGradient(batch, first)];
        expect(gradients[0]!.dataSync()).toEqual(gradients[1]!.dataSync());
      });
    });

    test('holds nothing of a batch once its gradient is computed, and one batch at most before', () => {
      const random = new Random(4);
      const matrix = randomMatrix(random, 50, 100, 10);
      const before = backend.binding.getNumOfTensors();
      tf.tidy(() => {
        const weights: tf.Tensor2D = tf.ones([100, 4]);
        for (let i = 0; i < 5; i++) {
          const batch = rowRange(matrix, i, i + 20);
          csrMatMul(batch, weights).dispose();
          expect(backend.binding.getNumOfTensors()).toBe(before + 1 + 3); // the weights and the batch
          if (i === 4) csrMatMulWeightGradient(batch, tf.ones([20, 4])).dispose();
        }
      });
      expect(backend.binding.getNumOfTensors()).toBe(before);
    });

    test('batches without rows or without values give zeros of the right shape', () => {
      const empty: CsrMatrix = {
        rows: 3,
        columns: 5,
        indptr: new Float64Array(4),
        indices: new Uint32Array(0),
        values: new Float32Array(0),
      };
      tf.tidy(() => {
        expect(csrMatMul(rowRange(empty), tf.ones([5, 4])).arraySync()).toEqual(new Array(3).fill([0, 0, 0, 0]));
        expect(csrMatMul(rowRange(empty, 0, 0), tf.ones([5, 4])).shape).toEqual([0, 4]);
        expect(csrMatMulWeightGradient(rowRange(empty), tf.ones([3, 2])).arraySync()).toEqual(
          new Array(5).fill([0, 0]),
        );
      });
    });
  },
);
