import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '#core/base/cancel';
import type { NeighbourDistance, NeighbourSearch, NeighboursWithDistances } from '#core/prepare/neighbour-search';
import type { KernelPool } from '../wasm/kernel-pool.ts';
import { rankCandidates } from './rank-candidates.ts';

/** The kernels compare in float32; among this many more candidates the order is settled in float64. */
const SPARE = 8;
/** Cells between two looks at the cancel signal. */
const ROUND = 1024;

/** Compares every cell with every other one by the kernels, on all their threads. For up to about 50 000 cells. */
export function kernelNeighbours(pool: KernelPool): NeighbourSearch {
  return {
    describe: () => 'exact search',
    search: (values, width, k, distance, options = {}) => searchByKernels(pool, values, width, k, distance, options),
  };
}

async function searchByKernels(
  pool: KernelPool,
  values: Float32Array,
  width: number,
  k: number,
  distance: NeighbourDistance,
  options: NonNullable<Parameters<NeighbourSearch['search']>[4]>,
): Promise<NeighboursWithDistances> {
  const cells = values.length / width;
  if (!Number.isInteger(cells)) throw new RangeError(`kernelNeighbours: ${values.length} values, width ${width}`);
  if (!(k >= 1 && k < cells)) throw new RangeError(`kernelNeighbours: ${k} neighbours of ${cells} cells`);
  const { memory, kernels } = pool;
  const candidates = Math.min(k + SPARE, cells - 1);
  const given = [(cells + 3) * width, Math.ceil(cells / 8) * 8 * width, ROUND * candidates, ROUND * candidates].map(
    (length) => memory.allocate(4 * length),
  );
  const [rows, panels, found, apart] = given as [number, number, number, number];
  const indices = new Int32Array(cells * k);
  const distances = new Float32Array(cells * k);
  try {
    memory.put(rows, values);
    memory.floats(rows + 4 * values.length, 3 * width).fill(0);
    pool.run('panel', Math.ceil(cells / 8), rows, panels, cells, width);
    for (let from = 0; from < cells; from += ROUND) {
      const to = Math.min(cells, from + ROUND);
      const items = Math.ceil((to - from) / kernels.COMPARED_CELLS.value);
      const compared = [rows, panels, cells, width, from, to];
      const metric = distance === 'manhattan' ? 1 : 0;
      pool.run('nearestCells', items, ...compared, candidates, found, apart, metric);
      const near = Int32Array.from(memory.words(found, (to - from) * candidates));
      for (let cell = from; cell < to; cell++) {
        const of = near.subarray((cell - from) * candidates, (cell - from + 1) * candidates);
        rankCandidates(values, width, cell, of, distance)
          .slice(0, k)
          .forEach(({ other, apart: by }, i) => {
            indices[cell * k + i] = other;
            distances[cell * k + i] = by;
          });
      }
      await options.progress?.(to / cells);
      await setImmediate();
      throwIfCancelled(options.signal);
    }
    return { k, indices, distances };
  } finally {
    for (const address of given) memory.free(address);
  }
}
