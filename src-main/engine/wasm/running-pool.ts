import type { KernelPool } from './kernel-pool.ts';

let running: KernelPool | null = null;

/** Tells the process which pool works in it. */
export function setRunningPool(pool: KernelPool): void {
  running = pool;
}

/** The kernels that work in this process; null before an engine was started, and on the plain reference. */
export function runningPool(): KernelPool | null {
  return running;
}
