import { blocksOf, mapRows, type SparseRows } from '../data/sparse-rows.ts';
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
export async function featureValues(matrix: SparseRows, wanted: readonly number[]): Promise<FeatureValues> {
  const counts = await areWholeCounts(matrix);
  const source = counts ? mapRows(matrix, matrix.columns, (block) => lognorm(block)) : matrix;
  const place = new Int32Array(matrix.columns).fill(-1);
  wanted.forEach((column, i) => {
    place[column] = i;
  });
  const columns = wanted.map(() => new Float32Array(matrix.rows));
  for await (const { from, matrix: block } of blocksOf(source)) {
    for (let row = 0; row < block.rows; row++) {
      for (let p = block.indptr[row]!; p < block.indptr[row + 1]!; p++) {
        const i = place[block.indices[p]!]!;
        if (i !== -1) columns[i]![from + row] = block.values[p]!;
      }
    }
  }
  return { columns, title: counts ? 'ln(1 + counts per 10⁴)' : 'value in the file' };
}

/** Whether all values are whole and none is negative. */
export async function areWholeCounts(matrix: SparseRows): Promise<boolean> {
  for await (const { matrix: block } of blocksOf(matrix)) {
    if (!block.values.every((value) => value >= 0 && Number.isInteger(value))) return false;
  }
  return true;
}
