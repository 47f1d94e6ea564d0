import type { SparseProducts } from '#core/data/sparse-products';
import { kernelProducts } from './wasm/kernel-products.ts';
import { runningPool } from './wasm/running-pool.ts';

/** Sparse products by the kernels that work in this process; undefined where another engine computes. */
export function runningProducts(): SparseProducts | undefined {
  const pool = runningPool();
  return pool === null ? undefined : kernelProducts(pool);
}
