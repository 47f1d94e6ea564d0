import { afterAll, beforeAll } from 'vitest';
import { KernelPool } from '#engine/wasm/kernel-pool';
import { selectEngine } from './tensor-engines.ts';

/** Kernels on one thread and on three, for the tests of a file; tensor operations are those of the reference engine. */
export function kernelPools(): Readonly<Record<'one' | 'three', KernelPool>> {
  const pools = {} as Record<'one' | 'three', KernelPool>;
  beforeAll(async () => {
    await selectEngine('cpu');
    pools.one = await KernelPool.start(1);
    pools.three = await KernelPool.start(3);
  });
  afterAll(async () => {
    await Promise.all(Object.values(pools).map((pool) => pool.stop()));
  });
  return pools;
}
