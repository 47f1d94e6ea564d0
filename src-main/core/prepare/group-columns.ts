import { type CsrMatrix, takeColumns } from '../data/csr-matrix.ts';

/**
 * Columns put together: column j of the result is the sum of all columns whose place is j. Columns of place −1 are dropped.
 *
 * @param matrix [cells, features]
 * @param place [features] new column of each column, or −1; every new column has at least one
 * @param columns number of new columns
 * @param keep `sum` adds up columns of the same place; `first` takes the first of them and drops the others, for values
 *   that do not add up (log-normalised, scaled)
 * @returns [cells, columns]
 */
export function groupColumns(matrix: CsrMatrix, place: Int32Array, columns: number, keep: 'sum' | 'first'): CsrMatrix {
  const source = new Int32Array(columns).fill(-1);
  let repeated = false;
  place.forEach((to, column) => {
    if (to < 0) return;
    if (source[to] === -1) source[to] = column;
    else repeated = true;
  });
  return keep === 'first' || !repeated ? takeColumns(matrix, source) : sumColumns(matrix, place, columns);
}

function sumColumns(matrix: CsrMatrix, place: Int32Array, columns: number): CsrMatrix {
  const sum = new Float64Array(columns);
  const seenInRow = new Int32Array(columns).fill(-1);
  const indptr = new Float64Array(matrix.rows + 1);
  const indices = new Uint32Array(matrix.values.length);
  const values = new Float32Array(matrix.values.length);
  let end = 0;
  for (let row = 0; row < matrix.rows; row++) {
    const start = end;
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
      const to = place[matrix.indices[p]!]!;
      if (to < 0) continue;
      if (seenInRow[to] !== row) {
        seenInRow[to] = row;
        sum[to] = 0;
        indices[end++] = to;
      }
      sum[to]! += matrix.values[p]!;
    }
    indices.subarray(start, end).sort();
    for (let q = start; q < end; q++) values[q] = sum[indices[q]!]!;
    indptr[row + 1] = end;
  }
  return { rows: matrix.rows, columns, indptr, indices: indices.slice(0, end), values: values.slice(0, end) };
}
