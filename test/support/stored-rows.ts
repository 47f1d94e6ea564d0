import { throwIfCancelled } from '#core/base/cancel';
import { type CsrMatrix, storedValues, takeRows } from '#core/data/csr-matrix';
import { isInMemory, type SparseRows, type StoredRows } from '#core/data/sparse-rows';

/** Rows that behave as if they lay on a disk: they come in blocks of `perBlock` rows, in new arrays each time. */
export function storedRows(matrix: CsrMatrix, perBlock = 3): StoredRows {
  return {
    rows: matrix.rows,
    columns: matrix.columns,
    stored: storedValues(matrix),
    take: (which) => Promise.resolve(takeRows(matrix, which)),
    async *blocks(signal) {
      for (let from = 0; from < matrix.rows; from += perBlock) {
        throwIfCancelled(signal);
        await Promise.resolve();
        const length = Math.min(perBlock, matrix.rows - from);
        yield {
          from,
          matrix: takeRows(
            matrix,
            Uint32Array.from({ length }, (_, i) => from + i),
          ),
        };
      }
    },
  };
}

/** Rows that a test knows to lie in memory. */
export function inMemory(rows: SparseRows): CsrMatrix {
  if (isInMemory(rows)) return rows;
  throw new Error('inMemory: the rows are stored');
}
