import type { CancelSignal } from '#core/base/cancel';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { MatrixSlot, StudyFile } from '../study-file.ts';

/** What long reading takes along. */
export interface ReadOptions {
  readonly signal?: CancelSignal | undefined;
  /** Told the fraction done, 0 … 1. */
  readonly progress?: ((fraction: number) => void) | undefined;
}

/** Some rows of a matrix, to judge it by. */
export interface RowSample {
  /** [sampled cells, features] */
  readonly matrix: CsrMatrix;
  /** False where only some features of these cells were seen, so that sums by cell mean nothing. */
  readonly wholeRows: boolean;
}

/**
 * A file that has no rows to be read one by one: text must be read from its start. `readAll` reads it once;
 * `readRows` gives parts of what `readAll` kept; `sampleRows` looks at the beginning only.
 */
export interface StreamedStudyFile extends StudyFile {
  readAll(slot: MatrixSlot, options?: ReadOptions): Promise<CsrMatrix>;
  sampleRows(slot: MatrixSlot, cells: number): Promise<RowSample>;
}

export function isStreamed(file: StudyFile): file is StreamedStudyFile {
  return 'readAll' in file && 'sampleRows' in file;
}

/** Rows from … to−1 as a matrix of their own; values and indices are shared with the whole. */
export function rowRange(matrix: CsrMatrix, from: number, to: number): CsrMatrix {
  if (!(from >= 0 && from <= to && to <= matrix.rows)) throw new RangeError(`rows ${from} to ${to} of ${matrix.rows}`);
  if (from === 0 && to === matrix.rows) return matrix;
  const start = matrix.indptr[from]!;
  const end = matrix.indptr[to]!;
  return {
    rows: to - from,
    columns: matrix.columns,
    indptr: matrix.indptr.subarray(from, to + 1).map((p) => p - start),
    indices: matrix.indices.subarray(start, end),
    values: matrix.values.subarray(start, end),
  };
}
