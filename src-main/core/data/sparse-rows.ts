import { type CancelSignal, throwIfCancelled } from '../base/cancel.ts';
import { type CsrMatrix, storedValues, takeRows } from './csr-matrix.ts';
import type { RowRecords } from './row-records.ts';

/**
 * The rows of a sparse matrix wherever they lie: in memory, as one `CsrMatrix`, or somewhere from where they are read
 * when they are asked for. A step that looks at every value goes over `blocksOf`, one that wants some rows asks
 * `rowsAt`; both cost nothing for a matrix in memory, and for stored rows no more memory than what is given back.
 */
export type SparseRows = CsrMatrix | StoredRows;

/** Rows that do not lie in memory. Asking twice gives the same values. */
export interface StoredRows {
  readonly rows: number;
  readonly columns: number;
  /** Stored values in all rows, at most. */
  readonly stored: number;
  /** The named rows, in the order named; a row may be named more than once: [which.length, columns]. */
  take(which: ArrayLike<number>): Promise<CsrMatrix>;
  /** All rows once, in order, in pieces of a few megabytes. Ends with `Cancelled` when the signal is aborted. */
  blocks(signal?: CancelSignal): AsyncIterable<RowBlock>;
  /** The same rows as they lie in a file; absent where they do not, as for rows that are changed when they are read. */
  readonly records?: RowRecords;
}

/** Rows from … from + matrix.rows − 1 of a larger matrix. */
export interface RowBlock {
  readonly from: number;
  readonly matrix: CsrMatrix;
}

/** Keeps rows that are too many for memory, and says how many that is. */
export interface RowStore {
  /** Stored values up to which a matrix stays in memory. */
  readonly valuesInMemory: number;
  /** Writes the rows down as they come and gives them back as stored rows, which can be read until the store is closed. */
  keep(rows: AsyncIterable<CsrMatrix>, shape: ExpectedRows, signal?: CancelSignal): Promise<StoredRows>;
}

/** What is known of rows before they have come. */
export interface ExpectedRows {
  readonly columns: number;
  /** At most so many; null where that is not known. */
  readonly rows: number | null;
  /** Stored values, at most; null where that is not known. */
  readonly stored: number | null;
  /** Share of the free disk that they may take; all of it without it. */
  readonly share?: number;
}

/** Whether the rows lie in memory as one matrix. */
export function isInMemory(rows: SparseRows): rows is CsrMatrix {
  return 'indptr' in rows;
}

/** The number of stored values; for rows that do not lie in memory at most that many. */
export function storedIn(rows: SparseRows): number {
  return isInMemory(rows) ? storedValues(rows) : rows.stored;
}

/** All rows once, in order. A matrix in memory is one block. Ends with `Cancelled` when the signal is aborted. */
export async function* blocksOf(rows: SparseRows, signal?: CancelSignal): AsyncGenerator<RowBlock, void, void> {
  throwIfCancelled(signal);
  if (isInMemory(rows)) yield { from: 0, matrix: rows };
  else yield* rows.blocks(signal);
}

/** The named rows as a matrix of their own, in the order named: [which.length, columns]. */
export async function rowsAt(rows: SparseRows, which: ArrayLike<number>): Promise<CsrMatrix> {
  return isInMemory(rows) ? takeRows(rows, which) : rows.take(which);
}

/**
 * Rows changed one by one: a matrix in memory at once, stored rows each time they are read.
 *
 * @param columns of the result
 * @param map what becomes of some rows; a row's result may depend on that row alone
 */
export function mapRows(rows: SparseRows, columns: number, map: (block: CsrMatrix) => CsrMatrix): SparseRows {
  if (isInMemory(rows)) return map(rows);
  return {
    rows: rows.rows,
    columns,
    stored: rows.stored,
    take: async (which) => map(await rows.take(which)),
    async *blocks(signal) {
      for await (const { from, matrix } of rows.blocks(signal)) yield { from, matrix: map(matrix) };
    },
  };
}

/**
 * The named rows, in the order named: [which.length, columns]. Stored rows stay where they are.
 * @param which rows in any order, also repeated; going over blocks is quick when they rise
 */
export function selectRows(rows: SparseRows, which: ArrayLike<number>): SparseRows {
  if (isInMemory(rows)) return takeRows(rows, which);
  const rising = isRising(which);
  return {
    rows: which.length,
    columns: rows.columns,
    stored: rows.stored,
    take: (places) => rows.take(Uint32Array.from(places, (place) => which[place]!)),
    async *blocks(signal) {
      if (!rising) return yield* takenInPieces(rows, which, signal);
      let place = 0;
      for await (const { from, matrix } of rows.blocks(signal)) {
        const first = place;
        while (place < which.length && which[place]! < from + matrix.rows) place++;
        if (place === first) continue;
        const local = Uint32Array.from({ length: place - first }, (_, i) => which[first + i]! - from);
        yield { from: first, matrix: local.length === matrix.rows ? matrix : takeRows(matrix, local) };
      }
    },
  };
}

/** The same rows; `told` is waited for after each block, with the number of rows in it. A matrix in memory comes back itself. */
export function watchedRows(rows: SparseRows, told: (rows: number) => void | Promise<void>): SparseRows {
  if (isInMemory(rows)) return rows;
  return {
    rows: rows.rows,
    columns: rows.columns,
    stored: rows.stored,
    take: (which) => rows.take(which),
    async *blocks(signal) {
      for await (const block of rows.blocks(signal)) {
        yield block;
        await told(block.matrix.rows);
      }
    },
  };
}

/** Rows taken at once where blocks do not come in the order wanted. */
const ROWS_PER_PIECE = 1024;

async function* takenInPieces(
  rows: StoredRows,
  which: ArrayLike<number>,
  signal: CancelSignal | undefined,
): AsyncGenerator<RowBlock, void, void> {
  for (let from = 0; from < which.length; from += ROWS_PER_PIECE) {
    throwIfCancelled(signal);
    const length = Math.min(ROWS_PER_PIECE, which.length - from);
    yield { from, matrix: await rows.take(Uint32Array.from({ length }, (_, i) => which[from + i]!)) };
  }
}

function isRising(which: ArrayLike<number>): boolean {
  for (let i = 1; i < which.length; i++) if (which[i]! <= which[i - 1]!) return false;
  return true;
}
