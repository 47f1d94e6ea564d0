import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { exactNeighbours } from '#core/prepare/exact-neighbours';
import type { NeighboursWithDistances } from '#core/prepare/neighbour-search';
import { groupedNeighbours } from '#engine/neighbours/grouped-neighbours';
import { createNeighbourSearch } from '#engine/neighbours/neighbour-search';
import { KernelPool } from '#engine/wasm/kernel-pool';

const WIDTH = 20;

let pool: KernelPool;
beforeAll(async () => {
  pool = await KernelPool.start(2);
});
afterAll(() => pool.stop());

/** Cells around `groups` centres: [cells, WIDTH]. */
function clustered(cells: number, groups: number, seed: number): Float32Array {
  const random = new Random(seed);
  const centres = Float32Array.from({ length: groups * WIDTH }, () => 4 * random.normal());
  const group = Int32Array.from({ length: cells }, () => random.below(groups));
  return Float32Array.from(
    { length: cells * WIDTH },
    (_, i) => centres[group[Math.floor(i / WIDTH)]! * WIDTH + (i % WIDTH)]! + random.normal(),
  );
}

/** Every cell has k different others, nearest first, at the distance that is said. */
function expectSound({ k, indices, distances }: NeighboursWithDistances, values: Float32Array): void {
  const cells = values.length / WIDTH;
  expect(indices.length).toBe(cells * k);
  for (let cell = 0; cell < cells; cell++) {
    const others = indices.subarray(cell * k, (cell + 1) * k);
    expect(new Set([...others, cell]).size).toBe(k + 1);
    others.forEach((other, i) => {
      let apart = 0;
      for (let d = 0; d < WIDTH; d++) apart += Math.abs(values[cell * WIDTH + d]! - values[other * WIDTH + d]!);
      expect(distances[cell * k + i]).toBe(Math.fround(apart));
      if (i > 0) expect(distances[cell * k + i]!).toBeGreaterThanOrEqual(distances[cell * k + i - 1]!);
    });
  }
}

describe('neighbours within groups', () => {
  const values = clustered(4000, 8, 5);

  test.each(['manhattan', 'euclidean'] as const)(
    'are nine of ten true ones by %s distance, though one cell in ten is compared',
    async (distance) => {
      const exact = await exactNeighbours.search(values, WIDTH, 10, distance);
      const found = await groupedNeighbours(pool, 40).search(values, WIDTH, 10, distance, { seed: 1 });
      let hits = 0;
      for (let cell = 0; cell < 4000; cell++) {
        const truth = new Set(exact.indices.subarray(cell * 10, cell * 10 + 10));
        for (const other of found.indices.subarray(cell * 10, cell * 10 + 10)) if (truth.has(other)) hits++;
      }
      expect(hits / 40_000).toBeGreaterThan(0.9);
    },
  );

  test('are sound, and the same for the same seed whatever the number of threads', async () => {
    const found = await groupedNeighbours(pool, 100).search(values, WIDTH, 5, 'manhattan', { seed: 3 });
    expectSound(found, values);
    const alone = await KernelPool.start(1);
    try {
      expect(await groupedNeighbours(alone, 100).search(values, WIDTH, 5, 'manhattan', { seed: 3 })).toEqual(found);
    } finally {
      await alone.stop();
    }
  });

  test('are the exact ones where all cells fit into the groups looked at', async () => {
    const some = values.slice(0, 900 * WIDTH);
    for (const distance of ['manhattan', 'euclidean'] as const) {
      const found = await groupedNeighbours(pool, 100).search(some, WIDTH, 4, distance);
      expect(found).toEqual(await exactNeighbours.search(some, WIDTH, 4, distance));
    }
  });

  test('of cells far from all others, and of equal cells, are as many as of any', async () => {
    const strange = clustered(1200, 3, 2);
    for (let cell = 0; cell < 3; cell++) strange.fill(1e4 * (cell + 1), cell * WIDTH, (cell + 1) * WIDTH); // alone
    strange.fill(2, 600 * WIDTH, 900 * WIDTH); // 300 equal cells
    for (const perGroup of [10, 60]) {
      expectSound(await groupedNeighbours(pool, perGroup).search(strange, WIDTH, 30, 'manhattan'), strange);
    }
  });

  test('take no memory of the kernels when they are done, also when they are cancelled', async () => {
    const before = pool.memory.used();
    const fractions: number[] = [];
    const search = groupedNeighbours(pool, 100);
    await search.search(values, WIDTH, 5, 'manhattan', { progress: (fraction) => void fractions.push(fraction) });
    expect(fractions.at(-1)).toBeCloseTo(1, 10);
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
    for (const at of [0, 0.3]) {
      const control = new AbortController();
      const run = search.search(values, WIDTH, 5, 'manhattan', {
        signal: control.signal,
        progress: (fraction) => (fraction >= at ? control.abort() : undefined),
      });
      await expect(run).rejects.toThrow(/cancel/i);
    }
    expect(pool.memory.used()).toBe(before);
  });

  test('are refused where there are as many as cells, or no whole rows', async () => {
    const search = groupedNeighbours(pool);
    await expect(search.search(new Float32Array(6), 2, 3, 'manhattan')).rejects.toThrow(/3 neighbours of 3 cells/);
    await expect(search.search(new Float32Array(7), 2, 1, 'manhattan')).rejects.toThrow(/7 values/);
  });

  test('are used above the limit only, and need no running engine', async () => {
    const some = values.slice(0, 50 * WIDTH);
    const exact = await exactNeighbours.search(some, WIDTH, 3, 'manhattan');
    expect(await createNeighbourSearch(50).search(some, WIDTH, 3, 'manhattan')).toEqual(exact);
    expect(await createNeighbourSearch(49).search(some, WIDTH, 3, 'manhattan')).toEqual(exact); // one group
    expect(createNeighbourSearch().describe(50_000)).toBe('exact search');
    expect(createNeighbourSearch().describe(50_001)).toContain('approximate');
  });
});
