import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '#core/base/cancel';
import { collectRows } from '#core/data/collect-rows';
import { type CsrMatrix, rowSums, takeRows } from '#core/data/csr-matrix';
import type { RowStore, SparseRows } from '#core/data/sparse-rows';
import type { MatrixSlot, StudyFile } from './study-file.ts';
import { isPrepared, type ReadOptions } from './text/row-source.ts';

export { stackRows } from '#core/data/collect-rows';

/** Rows of a matrix that were kept. */
export interface KeptRows {
  /** [kept, features] */
  readonly matrix: SparseRows;
  /** Row of the file for each row of the matrix, rising; null if all were kept. */
  readonly kept: Int32Array | null;
}

/** Which rows to keep: those whose values sum to at least `least`; with `dropEmpty`, only those with a value that is not 0. */
export interface RowRule {
  readonly dropEmpty: boolean;
  readonly least: number;
}

/** Read and checked within a tenth of a second, so that a request to stop is heard soon. */
const valuesPerChunk = 1_000_000;
/** Share of the work that turning a matrix over takes, as it was measured; the rest is reading the rows. */
const preparingShare = 0.8;

/**
 * Reads a matrix in chunks of rows of about a million values, looking at the signal between them, and leaves out
 * rows by the rule. Memory is that of the kept rows, twice for a moment, and one chunk; of rows that go into the store,
 * one chunk.
 */
export async function readAllRows(
  file: StudyFile,
  slot: MatrixSlot,
  rule: RowRule,
  options: ReadOptions & { readonly store?: RowStore | undefined },
): Promise<KeptRows> {
  const all = keepsAll(rule);
  const kept: number[] = [];
  const shape = { columns: slot.features, rows: slot.cells, stored: all ? slot.stored : null };
  const pieces = keptPieces(file, slot, all ? null : rule, options, kept);
  const matrix = await collectRows(pieces, shape, options.store, options.signal);
  return { matrix, kept: all ? null : Int32Array.from(kept) };
}

/** The numbers of the rows that the rule keeps, found by going over the file once; null, at once, where it keeps all. */
export async function keptNumbers(
  file: StudyFile,
  slot: MatrixSlot,
  rule: RowRule,
  options: ReadOptions,
): Promise<Int32Array | null> {
  if (keepsAll(rule)) return null;
  const kept: number[] = [];
  for await (const piece of keptPieces(file, slot, rule, options, kept)) void piece;
  return Int32Array.from(kept);
}

function keepsAll({ dropEmpty, least }: RowRule): boolean {
  return !dropEmpty && !(least > 0);
}

/** The rows of a file chunk by chunk; those that the rule keeps, with their numbers added to `kept`. */
export async function* keptPieces(
  file: StudyFile,
  slot: MatrixSlot,
  rule: RowRule | null,
  options: ReadOptions,
  kept: number[] = [],
): AsyncGenerator<CsrMatrix, void, void> {
  let done = 0;
  if (isPrepared(file)) {
    const progress = (fraction: number): void => options.progress?.((done = preparingShare * fraction));
    await file.prepareRows(slot, { signal: options.signal, progress });
  }
  const perRow =
    slot.storage === 'dense' || slot.stored === null ? slot.features : slot.stored / Math.max(1, slot.cells);
  const step = Math.max(16, Math.min(slot.cells, Math.floor(valuesPerChunk / Math.max(1, perRow))));
  for (let from = 0; from < slot.cells; from += step) {
    throwIfCancelled(options.signal);
    const to = Math.min(slot.cells, from + step);
    const rows = await file.readRows(slot, from, to);
    const keep = rule === null ? null : rowsKept(rows, rule);
    keep?.forEach((row) => kept.push(from + row));
    yield keep === null ? rows : takeRows(rows, keep);
    options.progress?.(done + ((1 - done) * to) / slot.cells);
    await setImmediate(); // a request to stop is heard only between two turns
  }
}

/** The rows of a matrix that the rule keeps. */
export function rowsKept(matrix: CsrMatrix, { dropEmpty, least }: RowRule): Int32Array {
  const sums = rowSums(matrix);
  const rows: number[] = [];
  for (let row = 0; row < matrix.rows; row++) {
    if (least > 0 && !(sums[row]! >= least)) continue;
    if (dropEmpty && isEmptyRow(matrix, row)) continue;
    rows.push(row);
  }
  return Int32Array.from(rows);
}

/** Whether a row holds no value other than 0. */
export function isEmptyRow({ indptr, values }: CsrMatrix, row: number): boolean {
  for (let p = indptr[row]!; p < indptr[row + 1]!; p++) if (values[p] !== 0) return false;
  return true;
}
