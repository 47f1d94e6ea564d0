import { isInMemory, type SparseRows } from '#core/data/sparse-rows';
import type { RowRecords } from '#core/data/row-records';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { CsrBatch } from '#core/train/csr-batch';
import { bytesOf } from './kernel-memory.ts';

/** A row as it is copied: its columns, and then its values. */
export interface RecordCopy {
  readonly bytes: number;
  /** Bytes before its values. */
  readonly valuesAt: number;
  /** Bytes of a column times 16, and of a value; see assembly/tiles.ts. */
  readonly lie: number;
  copy(into: Buffer, at: number): void;
}

/** How many values are stored before each row of a batch and in all, [rows + 1], and the most bytes that `groupRows` rows take. */
export function sizesOf(batch: CsrBatch<SparseRows>, groupRows: number): { starts: Uint32Array; largest: number } {
  const starts = new Uint32Array(batch.rows + 1);
  let [row, inGroup, largest] = [0, 0, 0];
  for (const { matrix, rows } of batch.parts) {
    const from = sourceOf(matrix);
    for (const source of rows) {
      starts[row + 1] = starts[row]! + from.count(source);
      inGroup = (row % groupRows === 0 ? 0 : inGroup) + from.bytes(source);
      largest = Math.max(largest, inGroup, 4 * from.count(source)); // so much is looked at of a row that did not come
      row++;
    }
  }
  return { starts, largest };
}

/** The rows of a batch in order. A copy is only good until the next one is asked for. */
export function* recordsOf(batch: CsrBatch<SparseRows>): Generator<RecordCopy, void> {
  for (const { matrix, rows } of batch.parts) {
    const from = sourceOf(matrix);
    for (const source of rows) yield from.record(source);
  }
}

interface Source {
  count(row: number): number;
  bytes(row: number): number;
  record(row: number): RecordCopy;
}

function sourceOf(rows: SparseRows): Source {
  if (isInMemory(rows)) return inMemory(rows);
  if (rows.records === undefined)
    throw new Error('rows that are neither in memory nor in a file must be fetched first');
  return inFile(rows.records);
}

function inMemory(matrix: CsrMatrix): Source {
  const { indptr } = matrix;
  const [indices, values] = [bytesOf(matrix.indices), bytesOf(matrix.values)];
  const count = (row: number): number => indptr[row + 1]! - indptr[row]!;
  return {
    count,
    bytes: (row) => 8 * count(row),
    record(row) {
      const [begin, end] = [4 * indptr[row]!, 4 * indptr[row + 1]!];
      return {
        bytes: 2 * (end - begin),
        valuesAt: end - begin,
        lie: 0x44,
        copy(into, at) {
          indices.copy(into, at, begin, end);
          values.copy(into, at + end - begin, begin, end);
        },
      };
    },
  };
}

function inFile(records: RowRecords): Source {
  const { columnBytes } = records;
  return {
    count: (row) => records.count(row),
    bytes: (row) => records.bytes(row),
    record: (row) => ({
      bytes: records.bytes(row),
      valuesAt: (columnBytes * records.count(row) + 3) & ~3,
      lie: (columnBytes << 4) | records.valueBytes(row),
      copy: (into, at) => records.read(row, into, at),
    }),
  };
}
