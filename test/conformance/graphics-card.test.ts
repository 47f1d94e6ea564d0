import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { csrBatch } from '#core/train/csr-batch';
import { csrMatMul, csrMatMulWeightGradient } from '#core/train/csr-mat-mul';
import { trialPair } from '#engine/probe/trial-pair';
import { findAdapter } from '#engine/webgpu/find-adapter';
import { ALLOW_SOFTWARE } from '#engine/webgpu/software-adapters';
import { startWebGpu } from '#engine/webgpu/start-webgpu';
import { steppedCapacity } from '#engine/webgpu/uploaded-batch';
import { softwareCard } from '#test/support/software-card';

/* What only a graphics card has: memory of its own, limits, and the habit of going away. On the one that a browser pretends. */

const absent = softwareCard();

describe.skipIf(absent !== null)(`a graphics card${absent === null ? '' : `: ${absent}`}`, () => {
  const backend = (): WebGPUBackend => tf.backend() as WebGPUBackend;
  const matrix = trialPair(1, { features: 400, labels: 4, cells: 64, stored: 40 }).reference.counts as CsrMatrix;

  /** One product and its gradient on random rows; gives back the numbers of both, one row each. */
  async function productAndGradient(random: Random, rows: number): Promise<void> {
    const batch = csrBatch([{ matrix, rows: random.sample(64, rows) }]);
    const tensors = tf.tidy(() => [
      tf.slice(csrMatMul(batch, tf.ones([400, 8])), [0, 0], [1, 8]),
      tf.slice(csrMatMulWeightGradient(batch, tf.ones([rows, 8])), [0, 0], [1, 8]),
    ]);
    await Promise.all(tensors.map((tensor) => tensor.data()));
    tf.dispose(tensors);
  }

  test('that a program pretends to be is refused, with its name and what to install', async () => {
    delete process.env[ALLOW_SOFTWARE];
    await expect(findAdapter()).rejects.toMatchObject({
      name: 'CannotStart',
      hindrance: {
        reason: expect.stringMatching(/^The only graphics card is SwiftShader/) as unknown,
        whatToInstall: expect.stringContaining('driver') as unknown,
      },
    });
    process.env[ALLOW_SOFTWARE] = '1';
  });

  describe('in use', () => {
    beforeAll(startWebGpu);
    let tensors = 0;
    beforeEach(() => {
      tensors = tf.memory().numTensors;
    });
    afterEach(() => {
      expect(tf.memory().numTensors, 'tensors left behind').toBe(tensors);
    });

    test('gives its memory back after each step, and batches of ever other sizes need no more of it', async () => {
      const random = new Random(1);
      const used: number[] = [];
      const allocated: number[] = [];
      for (let step = 0; step < 12; step++) {
        await productAndGradient(random, 32);
        used.push(backend().memory().numBytesInGPU);
        allocated.push(backend().memory().numBytesAllocatedInGPU);
      }
      expect(new Set(used.slice(2)).size).toBe(1);
      expect(allocated.at(-1)).toBe(allocated[3]);
    });

    test('says what it cannot hold in one piece, with both sizes', () => {
      const { maxBufferSize, maxStorageBufferBindingSize } = backend().device.limits;
      const numbers = Math.min(maxBufferSize, maxStorageBufferBindingSize) / 4 + 1;
      expect(() => tf.fill([numbers], 1)).toThrow(
        /in one piece; the graphics card SwiftShader .* gives at most 1024 MB/,
      );
    });

    test('is never waited for: reading without waiting is refused', () => {
      const sum = tf.tidy(() => tf.addN(Array.from({ length: 3 }, () => tf.fill([2000], 1))));
      expect(() => sum.dataSync()).toThrow('data(), not dataSync()');
      sum.dispose();
    });

    test('that refuses work is heard when a result is read', async () => {
      const result = tf.fill([3000], 2);
      backend().device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
      await expect(result.data()).rejects.toThrow('the graphics card refused work');
      result.dispose();
    });
  });

  test('that goes away is told when a result is read, with its name', async () => {
    const result = tf.fill([3000], 2);
    backend().device.destroy();
    await expect(result.data()).rejects.toMatchObject({
      code: 'training.graphics-card-lost',
      message: expect.stringMatching(/^The graphics card SwiftShader .* stopped answering/) as unknown,
    });
  });
});

test('memory for batches comes in eight sizes per doubling, never smaller than asked for and never an eighth larger', () => {
  const sizes = new Set<number>();
  for (let size = 1024; size < 2048; size++) {
    const capacity = steppedCapacity(size);
    expect(capacity).toBeGreaterThanOrEqual(size);
    expect(capacity / size).toBeLessThan(1.125);
    sizes.add(capacity);
  }
  expect(sizes.size).toBe(9); // eight, and the first of the next doubling
  expect([0, 1, 2, 7, 8, 9].map(steppedCapacity)).toEqual([1, 1, 2, 7, 8, 9]);
});
