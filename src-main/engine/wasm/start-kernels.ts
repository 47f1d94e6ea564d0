import { registerTally } from '#core/interpret/attribution-tally';
import { KernelPool } from './kernel-pool.ts';
import { setRunningPool } from './running-pool.ts';
import { wasmTally } from './wasm-tally.ts';

/**
 * Starts our own kernels in this process for what is computed on the processor whichever engine trains: the neighbour search,
 * the sparse products of PCA, and attributions.
 *
 * @param backend of the engine that trains, by the name under which tfjs knows it
 */
export async function startKernels(backend: string, threads?: number): Promise<KernelPool> {
  const pool = await KernelPool.start(threads);
  registerTally(backend, wasmTally(pool));
  setRunningPool(pool);
  return pool;
}
