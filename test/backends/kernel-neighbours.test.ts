import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { exactNeighbours } from '#core/prepare/exact-neighbours';
import { kernelNeighbours } from '#engine/neighbours/kernel-neighbours';
import { KernelPool } from '#engine/wasm/kernel-pool';

let pool: KernelPool;
beforeAll(async () => {
  pool = await KernelPool.start(2);
});
afterAll(() => pool.stop());

test.each([
  [2, 1, 1],
  [9, 3, 8],
  [33, 7, 5],
  [257, 50, 10],
  [1300, 13, 4],
] as const)('%i cells in %i dimensions have the %i neighbours that plain comparison finds', async (cells, width, k) => {
  const random = new Random(cells);
  const values = Float32Array.from({ length: cells * width }, () => random.normal());
  for (const distance of ['manhattan', 'euclidean'] as const) {
    const before = pool.memory.used();
    const found = await kernelNeighbours(pool).search(values, width, k, distance);
    expect(found).toEqual(await exactNeighbours.search(values, width, k, distance));
    expect(pool.memory.used()).toBe(before);
  }
});

test('of equally far cells the lower numbers come first', async () => {
  const values = new Float32Array(40 * 2).fill(1);
  const { indices } = await kernelNeighbours(pool).search(values, 2, 3, 'manhattan');
  expect([...indices.subarray(0, 6)]).toEqual([1, 2, 3, 0, 2, 3]);
  expect([...indices.subarray(39 * 3)]).toEqual([0, 1, 2]);
});

test('as many neighbours as cells, or no whole rows, are refused', async () => {
  const search = kernelNeighbours(pool);
  await expect(search.search(new Float32Array(6), 2, 3, 'manhattan')).rejects.toThrow(/3 neighbours of 3 cells/);
  await expect(search.search(new Float32Array(7), 2, 1, 'manhattan')).rejects.toThrow(/7 values/);
});

test('a search is cancelled between two rounds', async () => {
  const values = new Float32Array(3000).map((_, i) => i);
  const control = new AbortController();
  const search = kernelNeighbours(pool).search(values, 1, 2, 'euclidean', {
    signal: control.signal,
    progress: () => control.abort(),
  });
  await expect(search).rejects.toThrow(/cancel/i);
});
