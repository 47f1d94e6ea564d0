import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '#core/base/cancel';
import { type CsrMatrix, rowSums, takeRows } from '#core/data/csr-matrix';
import type { MatrixSlot, StudyFile } from './study-file.ts';
import { isPrepared, type ReadOptions } from './text/row-source.ts';

/** Rows of a matrix that were kept. */
export interface KeptRows {
  /** [kept, features] */
  readonly matrix: CsrMatrix;
  /** Row of the file for each row of the matrix, rising; null if all were kept. */
  readonly kept: Int32Array | null;
}

/** Which rows to keep: those whose values sum to at least `least`; with `dropEmpty`, only those with a value that is not 0. */
export interface RowRule {
  readonly dropEmpty: boolean;
  readonly least: number;
}

const valuesPerChunk = 4_000_000;
/** Share of the work that turning a matrix over takes, as it was measured; the rest is reading the rows. */
const preparingShare = 0.8;

/**
 * Reads a matrix in chunks of rows of about four million values, looking at the signal between them, and leaves out
 * rows by the rule. Memory is that of the kept rows, twice for a moment, and one chunk.
 */
export async function readAllRows(
  file: StudyFile,
  slot: MatrixSlot,
  rule: RowRule,
  options: ReadOptions,
): Promise<KeptRows> {
  const all = !rule.dropEmpty && !(rule.least > 0);
  let done = 0;
  if (isPrepared(file)) {
    const progress = (fraction: number): void => options.progress?.((done = preparingShare * fraction));
    await file.prepareRows(slot, { signal: options.signal, progress });
  }
  const perRow =
    slot.storage === 'dense' || slot.stored === null ? slot.features : slot.stored / Math.max(1, slot.cells);
  const step = Math.max(16, Math.min(slot.cells, Math.floor(valuesPerChunk / Math.max(1, perRow))));
  const chunks: CsrMatrix[] = [];
  const kept: number[] = [];
  for (let from = 0; from < slot.cells; from += step) {
    throwIfCancelled(options.signal);
    const to = Math.min(slot.cells, from + step);
    const rows = await file.readRows(slot, from, to);
    const keep = all ? null : keptRows(rows, rule);
    chunks.push(keep === null ? rows : takeRows(rows, keep));
    keep?.forEach((row) => kept.push(from + row));
    options.progress?.(done + ((1 - done) * to) / slot.cells);
    await setImmediate(); // a request to stop is heard only between two turns
  }
  throwIfCancelled(options.signal);
  return { matrix: stackRows(chunks, slot.features), kept: all ? null : Int32Array.from(kept) };
}

/** Matrices of the same width on top of each other: [Σ rows, columns]. Empties the list as it goes, to free memory. */
export function stackRows(chunks: CsrMatrix[], columns: number): CsrMatrix {
  if (chunks.length === 1) return chunks[0]!;
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
  const stored = chunks.reduce((sum, chunk) => sum + chunk.indptr[chunk.rows]!, 0);
  const indptr = new Float64Array(rows + 1);
  const indices = new Uint32Array(stored);
  const values = new Float32Array(stored);
  let [row, at] = [0, 0];
  for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
    indices.set(chunk.indices, at);
    values.set(chunk.values, at);
    for (let i = 0; i < chunk.rows; i++) indptr[++row] = at + chunk.indptr[i + 1]!;
    at += chunk.indptr[chunk.rows]!;
  }
  return { rows, columns, indptr, indices, values };
}

function keptRows(matrix: CsrMatrix, { dropEmpty, least }: RowRule): Int32Array {
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
