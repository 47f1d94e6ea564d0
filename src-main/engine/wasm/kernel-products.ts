import type { CsrMatrix } from '#core/data/csr-matrix';
import type { SparseProducts } from '#core/data/sparse-products';
import { rowRange } from '#core/train/csr-batch';
import type { KernelPool } from './kernel-pool.ts';
import { paddedWidth, putPadded, takePadded } from './padded-rows.ts';
import { BatchStage } from './staged-batch.ts';

/** Stored values that lie in the memory of the kernels at a time: 32 MiB. */
const VALUES_AT_ONCE = 2 ** 22;

/** Products of whole matrices by the kernels and all their threads, a piece of the rows at a time. */
export function kernelProducts(pool: KernelPool, valuesAtOnce = VALUES_AT_ONCE): SparseProducts {
  const { memory, kernels } = pool;
  const withRoom = <T>(lengths: readonly number[], work: (addresses: number[], stage: BatchStage) => T): T => {
    const addresses = lengths.map((length) => memory.allocate(4 * length));
    const stage = new BatchStage(memory);
    try {
      return work(addresses, stage);
    } finally {
      stage.free();
      for (const address of addresses) memory.free(address);
    }
  };
  return {
    product(matrix, block, width) {
      const padded = paddedWidth(width);
      const out = new Float32Array(matrix.rows * width);
      const most = mostRows(matrix, valuesAtOnce);
      withRoom([matrix.columns * padded, most * padded, most], ([dense, product, cursors], stage) => {
        putPadded(memory.floats(dense!, matrix.columns * padded), block, width, padded);
        for (const [from, to] of pieces(matrix, valuesAtOnce)) {
          const { starts, columns, values, rows } = stage.put(rowRange(matrix, from, to));
          const items = Math.ceil(rows / kernels.ROWS_AT_ONCE.value);
          const batch = [starts, columns, values, rows, matrix.columns];
          pool.run('sparseProduct', items, ...batch, dense!, padded, product!, 0, 0, cursors!);
          takePadded(memory.floats(product!, rows * padded), out.subarray(from * width, to * width), width, padded);
        }
      });
      return out;
    },
    transposedProduct(matrix, block, width) {
      const padded = paddedWidth(width);
      const out = new Float32Array(matrix.columns * width);
      const items = Math.ceil(matrix.columns / kernels.FEATURES_AT_ONCE.value);
      const most = mostRows(matrix, valuesAtOnce);
      withRoom([most * padded, matrix.columns * padded, items * most], ([dense, product, cursors], stage) => {
        memory.floats(product!, matrix.columns * padded).fill(0);
        for (const [from, to] of pieces(matrix, valuesAtOnce)) {
          const part = block.subarray(from * width, to * width);
          putPadded(memory.floats(dense!, (to - from) * padded), part, width, padded);
          const { starts, columns, values, rows } = stage.put(rowRange(matrix, from, to));
          const batch = [starts, columns, values, rows];
          pool.run('sparseTransposedProduct', items, ...batch, dense!, padded, product!, matrix.columns, cursors!, 1);
        }
        takePadded(memory.floats(product!, matrix.columns * padded), out, width, padded);
      });
      return out;
    },
  };
}

/** Pieces [from, to) of rows with at most so many stored values, at least one row each. */
function* pieces({ rows, indptr }: CsrMatrix, valuesAtOnce: number): Generator<readonly [number, number]> {
  for (let from = 0; from < rows;) {
    let to = from + 1;
    while (to < rows && indptr[to + 1]! - indptr[from]! <= valuesAtOnce) to++;
    yield [from, to];
    from = to;
  }
}

function mostRows(matrix: CsrMatrix, valuesAtOnce: number): number {
  let most = 0;
  for (const [from, to] of pieces(matrix, valuesAtOnce)) most = Math.max(most, to - from);
  return most;
}
