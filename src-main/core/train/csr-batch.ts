import type { NetworkRows } from '../data/aligned-pair.ts';
import { storedValues, type CsrMatrix } from '../data/csr-matrix.ts';
import { isInMemory, rowsAt, type SparseRows } from '../data/sparse-rows.ts';

/**
 * Rows of sparse matrices stacked under one another: what one sparse multiplication works on.
 * The rows are named, not copied, so a batch of a large study costs only its row numbers.
 */
export interface CsrBatch<Rows extends SparseRows = CsrMatrix> {
  readonly rows: number;
  readonly columns: number;
  /** In stacking order; `rows` are row numbers of `matrix`, and may repeat. */
  readonly parts: readonly BatchPart<Rows>[];
}

export interface BatchPart<Rows extends SparseRows = CsrMatrix> {
  readonly matrix: Rows;
  readonly rows: Int32Array;
  /** [columns] added to every row, stored or not; absent means none. */
  readonly shift?: Float32Array | undefined;
  /** Where the rows are from, where `matrix` holds just them; absent means `matrix` and `rows`. */
  readonly from?: { readonly input: object; readonly rows: Int32Array } | undefined;
}

/** The named rows of each part, stacked in order. All parts must have the same columns. */
export function csrBatch<Rows extends SparseRows>(parts: readonly BatchPart<Rows>[]): CsrBatch<Rows> {
  const columns = parts[0]?.matrix.columns;
  if (columns === undefined) throw new RangeError('csrBatch: no parts');
  let rows = 0;
  for (const part of parts) {
    if (part.matrix.columns !== columns) {
      throw new RangeError(`csrBatch: parts have ${columns} and ${part.matrix.columns} columns`);
    }
    if (part.shift !== undefined && part.shift.length !== columns) {
      throw new RangeError(`csrBatch: a shift of ${part.shift.length} numbers for ${columns} columns`);
    }
    for (const row of part.rows) {
      if (!(row >= 0 && row < part.matrix.rows)) throw new RangeError(`csrBatch: row ${row} of ${part.matrix.rows}`);
    }
    rows += part.rows.length;
  }
  return { rows, columns, parts };
}

/** The named rows of one side: of a matrix in memory by their numbers, of stored rows as a matrix that holds just them. */
export async function batchPart({ input, shift }: NetworkRows, rows: Int32Array): Promise<BatchPart> {
  if (isInMemory(input)) return { matrix: input, rows, shift };
  return { matrix: await rowsAt(input, rows), rows: rows.map((_, i) => i), shift, from: { input, rows } };
}

/** The same batch with all its rows in memory: those that do not lie there are read. */
export async function heldBatch(batch: CsrBatch<SparseRows>): Promise<CsrBatch> {
  if (isHeld(batch)) return batch;
  return csrBatch(await Promise.all(batch.parts.map(heldPart)));
}

/** One part with its rows in memory. */
export async function heldPart({ matrix, rows, shift }: BatchPart<SparseRows>): Promise<BatchPart> {
  return batchPart({ input: matrix, ...(shift === undefined ? {} : { shift }) }, rows);
}

function isHeld(batch: CsrBatch<SparseRows>): batch is CsrBatch {
  return batch.parts.every(({ matrix }) => isInMemory(matrix));
}

/** The rows from..to (to excluded) of one matrix as a batch. */
export function rowRange(matrix: CsrMatrix, from = 0, to = matrix.rows, shift?: Float32Array): CsrBatch {
  return csrBatch([{ matrix, rows: Int32Array.from({ length: to - from }, (_, i) => from + i), shift }]);
}

/** The number of stored values in the rows of a batch. */
export function batchStoredValues(batch: CsrBatch): number {
  let stored = 0;
  for (const { matrix, rows } of batch.parts) {
    if (rows.length === matrix.rows && isIdentity(rows)) stored += storedValues(matrix);
    else for (const row of rows) stored += matrix.indptr[row + 1]! - matrix.indptr[row]!;
  }
  return stored;
}

function isIdentity(rows: Int32Array): boolean {
  return rows.every((row, i) => row === i);
}
