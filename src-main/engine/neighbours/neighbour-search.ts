import { exactNeighbours } from '#core/prepare/exact-neighbours';
import type { NeighbourSearch } from '#core/prepare/neighbour-search';
import { KernelPool } from '../wasm/kernel-pool.ts';
import { runningPool } from '../wasm/running-pool.ts';
import { groupedNeighbours, groupedSearch } from './grouped-neighbours.ts';
import { kernelNeighbours } from './kernel-neighbours.ts';

/** Up to this many cells every pair is compared. */
export const EXACT_UP_TO = 50_000;

/**
 * The neighbour search of the application: exact up to `exactUpTo` cells (by the kernels where they run in
 * this process), within groups above. Where no engine was started, kernels are started for that search alone.
 */
export function createNeighbourSearch(exactUpTo = EXACT_UP_TO): NeighbourSearch {
  return {
    describe: (cells) => (cells <= exactUpTo ? exactNeighbours.describe(cells) : groupedSearch),
    async search(values, width, k, distance, options) {
      const running = runningPool();
      if (values.length / width <= exactUpTo) {
        const exact = running === null ? exactNeighbours : kernelNeighbours(running);
        return exact.search(values, width, k, distance, options);
      }
      const pool = running ?? (await KernelPool.start());
      try {
        return await groupedNeighbours(pool).search(values, width, k, distance, options);
      } finally {
        if (pool !== running) await pool.stop();
      }
    },
  };
}
