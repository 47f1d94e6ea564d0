import type { CsrMatrix } from '#core/data/csr-matrix';

/** Rows from … to−1 of a matrix, as a matrix that shares its entries: [to − from, columns]. */
export function rowRange(matrix: CsrMatrix, from: number, to: number): CsrMatrix {
  const begin = matrix.indptr[from]!;
  const end = matrix.indptr[to]!;
  return {
    rows: to - from,
    columns: matrix.columns,
    indptr: matrix.indptr.slice(from, to + 1).map((p) => p - begin),
    indices: matrix.indices.subarray(begin, end),
    values: matrix.values.subarray(begin, end),
  };
}
