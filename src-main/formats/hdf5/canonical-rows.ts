import { sortRow } from '#core/data/csr-matrix';
import type { CsrMatrix } from '#core/data/csr-matrix';

/**
 * The same matrix with columns rising strictly within each row: rows are put in order, and places named more than
 * once are added up (float64 sum, as SciPy reads such a file). A matrix in order is given back as it is; otherwise
 * the arrays passed in are reordered.
 */
export function canonicalRows(matrix: CsrMatrix): CsrMatrix {
  const { rows, indptr, indices, values } = matrix;
  let repeated = 0;
  for (let row = 0; row < rows; row++) {
    const from = indptr[row]!;
    const to = indptr[row + 1]!;
    let rising = true;
    for (let p = from + 1; p < to && rising; p++) rising = indices[p - 1]! < indices[p]!;
    if (rising) continue;
    sortRow(indices, values, from, to);
    for (let p = from + 1; p < to; p++) if (indices[p - 1] === indices[p]) repeated++;
  }
  return repeated === 0 ? matrix : withoutRepeats(matrix, repeated);
}

function withoutRepeats(matrix: CsrMatrix, repeated: number): CsrMatrix {
  const kept = matrix.values.length - repeated;
  const indptr = new Float64Array(matrix.rows + 1);
  const indices = new Uint32Array(kept);
  const values = new Float32Array(kept);
  let q = 0;
  for (let row = 0; row < matrix.rows; row++) {
    const to = matrix.indptr[row + 1]!;
    for (let p = matrix.indptr[row]!; p < to; q++) {
      const column = matrix.indices[p]!;
      let sum = matrix.values[p++]!;
      for (; p < to && matrix.indices[p] === column; p++) sum += matrix.values[p]!;
      indices[q] = column;
      values[q] = sum;
    }
    indptr[row + 1] = q;
  }
  return { rows: matrix.rows, columns: matrix.columns, indptr, indices, values };
}
