import { type CsrMatrix, withValues } from '../data/csr-matrix.ts';

/**
 * ln(1 + x) of every value, without correction for depth.
 *
 * @param matrix [cells, features], values ≥ 0
 */
export function log1p(matrix: CsrMatrix): CsrMatrix {
  return withValues(matrix, matrix.values.map(Math.log1p));
}
