/**
 * A sparse matrix by rows (compressed sparse rows). Rows are cells, columns are features.
 *
 * Invariants: `indptr` has `rows + 1` entries, starts at 0, never falls and ends at the number of
 * stored values; within a row `indices` rise strictly; every index lies below `columns`; every value is finite.
 * Stored zeros are allowed. Nothing may write into the arrays of a matrix that was handed out.
 */
export interface CsrMatrix {
  readonly rows: number;
  readonly columns: number;
  /** [rows + 1]; float64, exact beyond 2³¹ stored values. */
  readonly indptr: Float64Array;
  /** [stored values] column of each value. */
  readonly indices: Uint32Array;
  /** [stored values] */
  readonly values: Float32Array;
}

/** The number of stored values. */
export function storedValues(matrix: CsrMatrix): number {
  return matrix.indptr[matrix.rows]!;
}

/** The matrix with the same places and other values; shares `indptr` and `indices`. */
export function withValues(matrix: CsrMatrix, values: Float32Array): CsrMatrix {
  if (values.length !== matrix.values.length) {
    throw new RangeError(`withValues: ${values.length} values for ${matrix.values.length} places`);
  }
  return { ...matrix, values };
}

/** Sum of each row, in float64: [rows]. An empty row gives 0. */
export function rowSums(matrix: CsrMatrix): Float64Array {
  const sums = new Float64Array(matrix.rows);
  for (let row = 0; row < matrix.rows; row++) {
    let sum = 0;
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) sum += matrix.values[p]!;
    sums[row] = sum;
  }
  return sums;
}

/** 1 for each row that holds no value other than 0, else 0: [rows]. */
export function emptyRows({ rows, indptr, values }: CsrMatrix): Uint8Array {
  const empty = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    let p = indptr[row]!;
    const end = indptr[row + 1]!;
    while (p < end && values[p] === 0) p++;
    if (p === end) empty[row] = 1;
  }
  return empty;
}

/** The named rows, in the order named (a row may be named more than once): [which.length, columns]. */
export function takeRows(matrix: CsrMatrix, which: ArrayLike<number>): CsrMatrix {
  const indptr = new Float64Array(which.length + 1);
  for (let i = 0; i < which.length; i++) {
    const row = which[i]!;
    if (!(row >= 0 && row < matrix.rows)) throw new RangeError(`takeRows: row ${row} of ${matrix.rows}`);
    indptr[i + 1] = indptr[i]! + matrix.indptr[row + 1]! - matrix.indptr[row]!;
  }
  const indices = new Uint32Array(indptr[which.length]!);
  const values = new Float32Array(indptr[which.length]!);
  for (let i = 0; i < which.length; i++) {
    const from = matrix.indptr[which[i]!]!;
    const to = matrix.indptr[which[i]! + 1]!;
    indices.set(matrix.indices.subarray(from, to), indptr[i]!);
    values.set(matrix.values.subarray(from, to), indptr[i]!);
  }
  return { rows: which.length, columns: matrix.columns, indptr, indices, values };
}

/**
 * The columns in a new order: column `which[j]` becomes column j: [rows, which.length].
 * Each source column may be named at most once; columns not named are dropped.
 */
export function takeColumns(matrix: CsrMatrix, which: ArrayLike<number>): CsrMatrix {
  const target = new Int32Array(matrix.columns).fill(-1);
  for (let j = 0; j < which.length; j++) {
    const column = which[j]!;
    if (!(column >= 0 && column < matrix.columns))
      throw new RangeError(`takeColumns: column ${column} of ${matrix.columns}`);
    if (target[column] !== -1) throw new RangeError(`takeColumns: column ${column} is named twice`);
    target[column] = j;
  }
  const indptr = new Float64Array(matrix.rows + 1);
  for (let row = 0; row < matrix.rows; row++) {
    let kept = 0;
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) if (target[matrix.indices[p]!] !== -1) kept++;
    indptr[row + 1] = indptr[row]! + kept;
  }
  const indices = new Uint32Array(indptr[matrix.rows]!);
  const values = new Float32Array(indptr[matrix.rows]!);
  for (let row = 0; row < matrix.rows; row++) {
    let q = indptr[row]!;
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
      const j = target[matrix.indices[p]!]!;
      if (j === -1) continue;
      indices[q] = j;
      values[q] = matrix.values[p]!;
      q++;
    }
    sortRow(indices, values, indptr[row]!, q);
  }
  return { rows: matrix.rows, columns: which.length, indptr, indices, values };
}

/** Rows become columns: [columns, rows]. */
export function transpose(matrix: CsrMatrix): CsrMatrix {
  const indptr = new Float64Array(matrix.columns + 1);
  const stored = storedValues(matrix);
  for (let p = 0; p < stored; p++) indptr[matrix.indices[p]! + 1]!++;
  for (let j = 0; j < matrix.columns; j++) indptr[j + 1] = indptr[j + 1]! + indptr[j]!;
  const next = indptr.slice();
  const indices = new Uint32Array(stored);
  const values = new Float32Array(stored);
  for (let row = 0; row < matrix.rows; row++) {
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
      const q = next[matrix.indices[p]!]!++;
      indices[q] = row;
      values[q] = matrix.values[p]!;
    }
  }
  return { rows: matrix.columns, columns: matrix.rows, indptr, indices, values };
}

/** Puts the entries from..to of one row into rising column order. Rows that are in order already cost one pass. */
export function sortRow(indices: Uint32Array, values: Float32Array, from: number, to: number): void {
  let sorted = true;
  for (let p = from + 1; p < to && sorted; p++) sorted = indices[p - 1]! < indices[p]!;
  if (sorted) return;
  const length = to - from;
  if (length > PLACES) throw new RangeError(`sortRow: a row of ${length} entries`);
  // column and place in one number: such numbers are sorted without a call per comparison, equal columns by place
  const keys = new Float64Array(length);
  for (let i = 0; i < length; i++) keys[i] = indices[from + i]! * PLACES + i;
  keys.sort();
  const before = values.slice(from, to);
  for (let i = 0; i < length; i++) {
    const column = Math.floor(keys[i]! / PLACES);
    indices[from + i] = column;
    values[from + i] = before[keys[i]! - column * PLACES]!;
  }
}

/** Entries that a row can have to be sorted; with 32 bits of a column number a float64 holds it exactly. */
const PLACES = 2 ** 21;
