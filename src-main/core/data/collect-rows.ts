import { AppError } from '../base/app-error.ts';
import { type CancelSignal, throwIfCancelled } from '../base/cancel.ts';
import { type CsrMatrix, storedValues } from './csr-matrix.ts';
import { blocksOf, type ExpectedRows, isInMemory, type RowStore, type SparseRows } from './sparse-rows.ts';

/**
 * Rows that come in pieces, as one: in memory as long as they are no more than the store allows there, else in the store.
 * Without a store everything stays in memory. Ends with `Cancelled` when the signal is aborted between two pieces.
 */
export async function collectRows(
  pieces: AsyncIterable<CsrMatrix>,
  shape: ExpectedRows,
  store: RowStore | undefined,
  signal?: CancelSignal,
): Promise<SparseRows> {
  const most = store?.valuesInMemory ?? Infinity;
  if (store !== undefined && shape.stored !== null && shape.stored > most) return store.keep(pieces, shape, signal);

  const held: CsrMatrix[] = [];
  let stored = 0;
  const rest = pieces[Symbol.asyncIterator]();
  try {
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      throwIfCancelled(signal);
      held.push(next.value);
      stored += storedValues(next.value);
      if (store !== undefined && stored > most) return await store.keep(heldThen(held, rest), shape, signal);
    }
  } finally {
    await rest.return?.();
  }
  throwIfCancelled(signal);
  return stackRows(held, shape.columns);
}

/** Stored rows that may have become few, in memory if they have; a matrix in memory as it is. */
export async function settledRows(
  rows: SparseRows,
  store: RowStore | undefined,
  signal?: CancelSignal,
): Promise<SparseRows> {
  if (isInMemory(rows) || store === undefined) return rows;
  return collectRows(matricesOf(rows, signal), { ...rows, stored: null }, store, signal);
}

/**
 * Stored rows that are changed whenever they are read, written down as they are then, so that they are read as they lie from now on.
 * Rows in memory come back as they are, and so do those that would take more than half of what is free on the disk.
 */
export async function writtenRows(
  rows: SparseRows,
  store: RowStore | undefined,
  signal?: CancelSignal,
): Promise<SparseRows> {
  if (isInMemory(rows) || rows.records !== undefined || store === undefined) return rows;
  try {
    return await store.keep(matricesOf(rows, signal), { ...rows, stored: null, share: 0.5 }, signal);
  } catch (error) {
    if (error instanceof AppError && ['project.no-room', 'project.disk-full'].includes(error.code)) return rows;
    throw error;
  }
}

async function* matricesOf(rows: SparseRows, signal: CancelSignal | undefined): AsyncGenerator<CsrMatrix, void, void> {
  for await (const { matrix } of blocksOf(rows, signal)) yield matrix;
}

/** Gives the held pieces away one by one, to free memory, and then the rest. */
async function* heldThen(held: CsrMatrix[], rest: AsyncIterator<CsrMatrix>): AsyncGenerator<CsrMatrix, void, void> {
  for (let piece = held.shift(); piece !== undefined; piece = held.shift()) yield piece;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Matrices of the same width on top of each other: [Σ rows, columns]. Empties the list as it goes, to free memory. */
export function stackRows(pieces: CsrMatrix[], columns: number): CsrMatrix {
  if (pieces.length === 1) return pieces[0]!;
  const rows = pieces.reduce((sum, piece) => sum + piece.rows, 0);
  const stored = pieces.reduce((sum, piece) => sum + piece.indptr[piece.rows]!, 0);
  const indptr = new Float64Array(rows + 1);
  const indices = new Uint32Array(stored);
  const values = new Float32Array(stored);
  let [row, at] = [0, 0];
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
    indices.set(piece.indices, at);
    values.set(piece.values, at);
    for (let i = 0; i < piece.rows; i++) indptr[++row] = at + piece.indptr[i + 1]!;
    at += piece.indptr[piece.rows]!;
  }
  return { rows, columns, indptr, indices, values };
}
