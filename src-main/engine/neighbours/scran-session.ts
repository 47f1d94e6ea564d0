import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type * as Scran from 'scran.js';

/** Threads beyond this gain little and each costs memory. */
const MOST_THREADS = 8;

let loading: Promise<typeof Scran> | null = null;

/**
 * scran.js, loaded and with its threads started at the first call. The module is one per process and its heap is not given
 * back by ending it, so it stays until `closeScran`; its idle threads keep no process alive.
 */
export function openScran(): Promise<typeof Scran> {
  loading ??= load();
  return loading;
}

/** Ends the threads of scran.js. Does nothing if it was not opened; a later `openScran` starts it again. */
export async function closeScran(): Promise<void> {
  if (loading === null) return;
  const scran = await loading;
  loading = null;
  scran.terminate();
  await setImmediate(); // ended threads report on the next turn
}

async function load(): Promise<typeof Scran> {
  const scran = await import('scran.js');
  await scran.initialize({ numberOfThreads: Math.min(availableParallelism(), MOST_THREADS) });
  return scran;
}
