import type { CellPredXSettings } from '#core/methods/cellpredx/settings';
import type { KernelPool } from '../kernel-pool.ts';
import type { StepMemory } from './step-memory.ts';
import type { StepRoom, StepSizes } from './step-room.ts';

/** What every part of a step works with. */
export interface StepContext {
  readonly pool: KernelPool;
  readonly memory: StepMemory;
  readonly room: StepRoom;
  readonly sizes: StepSizes;
  readonly settings: CellPredXSettings;
}

/** [rows, inner] × [inner, width] → [rows, width], by all threads. */
export function multiply(
  { pool }: StepContext,
  operands: { a: number; b: number; out: number; rows: number; inner: number; width: number },
  { bias = 0, add = false }: { bias?: number; add?: boolean } = {},
): void {
  const { a, b, out, rows, inner, width } = operands;
  const items = Math.ceil(rows / pool.kernels.DENSE_ROWS.value);
  pool.run('product', items, a, b, out, rows, inner, width, bias, add ? 1 : 0);
}

/** aᵀ × b, [rows, inner] and [rows, width] → [inner, width], by all threads. */
export function multiplyTransposed(
  { pool }: StepContext,
  operands: { a: number; b: number; out: number; rows: number; inner: number; width: number },
  { add = false }: { add?: boolean } = {},
): void {
  const { a, b, out, rows, inner, width } = operands;
  const items = Math.ceil(inner / pool.kernels.TRANSPOSED_ROWS.value);
  pool.run('transposedProduct', items, a, b, out, rows, inner, width, add ? 1 : 0);
}
