import { exactNeighbours } from '#core/prepare/exact-neighbours';
import type { NeighbourSearch } from '#core/prepare/neighbour-search';
import { runningPool } from '../wasm/running-pool.ts';
import { kernelNeighbours } from './kernel-neighbours.ts';

/** Up to this many cells every pair is compared. */
export const EXACT_UP_TO = 50_000;

/**
 * The neighbour search of the application: exact up to `exactUpTo` cells (by the kernels where they run in
 * this process), approximate above. The approximate one is
 * loaded when it is first needed.
 */
export function createNeighbourSearch(exactUpTo = EXACT_UP_TO): NeighbourSearch {
  return {
    describe: (cells) =>
      cells <= exactUpTo ? exactNeighbours.describe(cells) : 'approximate search (navigable small-world graph)',
    async search(values, width, k, distance, options) {
      if (values.length / width <= exactUpTo) {
        const pool = runningPool();
        const exact = pool === null ? exactNeighbours : kernelNeighbours(pool);
        return exact.search(values, width, k, distance, options);
      }
      const { approximateNeighbours } = await import('./approximate-neighbours.ts');
      return approximateNeighbours.search(values, width, k, distance, options);
    },
  };
}
