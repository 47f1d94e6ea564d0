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
  /** About the share of the features that was seen, 0 … 1, where it is known; whole rows need not say it. */
  readonly seen?: number;
}

/**
 * A file whose rows cannot all be read where they lie: tables of text, matrices stored by features. `readRows` works at
 * once on these too, in memory that does not depend on the size of the file; the first call may then have to read the
 * whole file.
 */
export interface PreparedStudyFile extends StudyFile {
  /** Does what the first `readRows` of a slot would have to do, once, with progress, and stops with `Cancelled`. */
  prepareRows(slot: MatrixSlot, options?: ReadOptions): Promise<void>;
  /**
   * Some rows without preparing all of them: what can be seen in about `budgetMs`.
   * Null where rows anywhere in the slot can be read quickly.
   */
  sampleRows(slot: MatrixSlot, cells: number, budgetMs: number): Promise<RowSample | null>;
}

export function isPrepared(file: StudyFile): file is PreparedStudyFile {
  return 'prepareRows' in file && 'sampleRows' in file;
}

/** Tells progress on so that it never falls; for work whose steps do not know of each other. */
export function risingProgress(progress: ReadOptions['progress']): ReadOptions['progress'] {
  if (progress === undefined) return undefined;
  let most = 0;
  return (fraction) => {
    if (fraction <= most) return;
    most = fraction;
    progress(fraction);
  };
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
