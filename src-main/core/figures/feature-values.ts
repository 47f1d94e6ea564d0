import type { CsrMatrix } from '../data/csr-matrix.ts';
import { lognorm } from '../prepare/lognorm.ts';

/** Values of a few features in all cells, on the scale on which they are drawn. */
export interface FeatureValues {
  /** [features asked for] each [cells] */
  readonly columns: readonly Float32Array[];
  readonly title: string;
}

/**
 * The named columns of a matrix, dense. Whole counts are brought to 10⁴ per cell and ln(1 + x); values that are not
 * whole or negative are taken as they are in the file.
 *
 * @param matrix [cells, features]
 * @param wanted column numbers, each once
 */
export function featureValues(matrix: CsrMatrix, wanted: readonly number[]): FeatureValues {
  const counts = matrix.values.every((value) => value >= 0 && Number.isInteger(value));
  const source = counts ? lognorm(matrix) : matrix;
  const place = new Int32Array(matrix.columns).fill(-1);
  wanted.forEach((column, i) => {
    place[column] = i;
  });
  const columns = wanted.map(() => new Float32Array(matrix.rows));
  for (let row = 0; row < source.rows; row++) {
    for (let p = source.indptr[row]!; p < source.indptr[row + 1]!; p++) {
      const i = place[source.indices[p]!]!;
      if (i !== -1) columns[i]![row] = source.values[p]!;
    }
  }
  return { columns, title: counts ? 'ln(1 + counts per 10⁴)' : 'value in the file' };
}
