import type { CsrBatch } from '#core/train/csr-batch';
import { loops, type SparseAlgebra } from '../kernels/register-sparse-kernels.ts';
import type { KernelPool } from './kernel-pool.ts';
import { BatchStage, type StagedBatch } from './staged-batch.ts';

/** Sparse products by the kernels and all their threads; those whose width is no multiple of 4 by plain loops. */
export function sparseAlgebra(pool: KernelPool): SparseAlgebra {
  const { memory, kernels } = pool;
  const stage = new BatchStage(memory);
  /** Copies in, works, copies out. */
  const through = (
    batch: CsrBatch,
    dense: Float32Array,
    out: Float32Array,
    cursorsLength: number,
    work: (staged: StagedBatch, dense: number, out: number, cursors: number) => void,
  ): void => {
    const from = memory.allocate(dense.byteLength);
    const to = memory.allocate(out.byteLength);
    const cursors = memory.allocate(4 * cursorsLength);
    try {
      memory.put(from, dense);
      work(stage.put(batch), from, to, cursors);
      out.set(memory.floats(to, out.length));
    } finally {
      memory.free(from);
      memory.free(to);
      memory.free(cursors);
    }
  };
  return {
    product(batch, dense, width, out) {
      if (width % 4 !== 0) return loops.product(batch, dense, width, out);
      through(batch, dense, out, batch.rows, ({ starts, columns, values, rows }, from, to, cursors) => {
        const items = Math.ceil(rows / kernels.ROWS_AT_ONCE.value);
        pool.run('sparseProduct', items, starts, columns, values, rows, batch.columns, from, width, to, 0, 0, cursors);
      });
    },
    transposedProduct(batch, dense, width, out) {
      if (width % 4 !== 0) return loops.transposedProduct(batch, dense, width, out);
      const items = Math.ceil(batch.columns / kernels.FEATURES_AT_ONCE.value);
      through(batch, dense, out, items * batch.rows, ({ starts, columns, values, rows }, from, to, cursors) => {
        pool.run(
          'sparseTransposedProduct',
          items,
          starts,
          columns,
          values,
          rows,
          from,
          width,
          to,
          batch.columns,
          cursors,
        );
      });
    },
  };
}
