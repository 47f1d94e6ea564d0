import fc from 'fast-check';
import type { CsrMatrix } from '#core/data/csr-matrix';

/** A sparse matrix from rows of numbers; zeros are not stored. */
export function csrOf(dense: readonly (readonly number[])[], columns = dense[0]?.length ?? 0): CsrMatrix {
  const indptr = new Float64Array(dense.length + 1);
  const indices: number[] = [];
  const values: number[] = [];
  dense.forEach((row, i) => {
    row.forEach((value, j) => {
      if (value === 0) return;
      indices.push(j);
      values.push(value);
    });
    indptr[i + 1] = indices.length;
  });
  return {
    rows: dense.length,
    columns,
    indptr,
    indices: Uint32Array.from(indices),
    values: Float32Array.from(values),
  };
}

/** The matrix as rows of numbers, for small ones. */
export function denseOf(matrix: CsrMatrix): number[][] {
  const dense = Array.from({ length: matrix.rows }, () => new Array<number>(matrix.columns).fill(0));
  for (let row = 0; row < matrix.rows; row++) {
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++)
      dense[row]![matrix.indices[p]!] = matrix.values[p]!;
  }
  return dense;
}

/** Count matrices of 1–12 cells × 1–10 features, about half zeros, empty cells and features included. */
export const countMatrix: fc.Arbitrary<CsrMatrix> = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 10 }))
  .chain(([rows, columns]) =>
    fc
      .array(
        fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 200 })), {
          minLength: columns,
          maxLength: columns,
        }),
        {
          minLength: rows,
          maxLength: rows,
        },
      )
      .map((dense) => csrOf(dense, columns)),
  );
