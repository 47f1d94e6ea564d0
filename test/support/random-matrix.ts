import type { Random } from '#core/base/random';
import type { CsrMatrix } from '#core/data/csr-matrix';

/** Rows with up to a third of the columns stored, values 0.1 … 1.1; row 1 is empty. */
export function randomMatrix(random: Random, rows: number, columns: number): CsrMatrix {
  const indices: number[] = [];
  const indptr = new Float64Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    if (row !== 1) {
      indices.push(...random.sample(columns, random.below(Math.ceil(columns / 3)) + 1).sort());
    }
    indptr[row + 1] = indices.length;
  }
  const values = Float32Array.from(indices, () => random.uniform() + 0.1);
  return { rows, columns, indptr, indices: Uint32Array.from(indices), values };
}
