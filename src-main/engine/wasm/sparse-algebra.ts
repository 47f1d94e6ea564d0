import type { CsrBatch } from '#core/train/csr-batch';
import type { SparseAlgebra } from '../kernels/register-sparse-kernels.ts';
import type { KernelPool } from './kernel-pool.ts';
import { paddedWidth, putPadded, takePadded } from './padded-rows.ts';
import { BatchStage, type StagedBatch } from './staged-batch.ts';

/** Sparse products by the kernels and all their threads; the kernels see rows filled up to a multiple of 4 numbers. */
export function sparseAlgebra(pool: KernelPool): SparseAlgebra {
  const { memory, kernels } = pool;
  const stage = new BatchStage(memory);
  /** Copies in, works, copies out. */
  const through = (
    batch: CsrBatch,
    { dense, width, out }: { dense: Float32Array; width: number; out: Float32Array },
    cursorsLength: number,
    work: (staged: StagedBatch, width: number, dense: number, out: number, cursors: number) => void,
  ): void => {
    const padded = paddedWidth(width);
    const [numbersIn, numbersOut] = [dense.length, out.length].map((n) => (n / Math.max(width, 1)) * padded) as [
      number,
      number,
    ];
    const from = memory.allocate(4 * numbersIn);
    const to = memory.allocate(4 * numbersOut);
    const cursors = memory.allocate(4 * cursorsLength);
    try {
      putPadded(memory.floats(from, numbersIn), dense, width, padded);
      work(stage.put(batch), padded, from, to, cursors);
      takePadded(memory.floats(to, numbersOut), out, width, padded);
    } finally {
      memory.free(from);
      memory.free(to);
      memory.free(cursors);
    }
  };
  return {
    product(batch, dense, width, out) {
      const { columns: features } = batch;
      const items = Math.ceil(batch.rows / kernels.ROWS_AT_ONCE.value);
      through(
        batch,
        { dense, width, out },
        batch.rows,
        ({ starts, columns, values, rows }, padded, from, to, cursors) =>
          pool.run('sparseProduct', items, starts, columns, values, rows, features, from, padded, to, 0, 0, cursors),
      );
    },
    transposedProduct(batch, dense, width, out) {
      const { columns: features } = batch;
      const items = Math.ceil(features / kernels.FEATURES_AT_ONCE.value);
      const room = items * batch.rows;
      through(batch, { dense, width, out }, room, ({ starts, columns, values, rows }, padded, from, to, cursors) =>
        pool.run(
          'sparseTransposedProduct',
          items,
          ...[starts, columns, values, rows, from, padded, to, features, cursors],
        ),
      );
    },
  };
}
