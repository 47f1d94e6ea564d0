import { type CsrMatrix, withValues } from '../data/csr-matrix.ts';

/**
 * 1 where a value is above 0, else 0: which features a cell shows at all, whatever its depth.
 * Same places as the input: a stored zero stays a stored zero. Doing it twice changes nothing.
 *
 * @param matrix [cells, features], values ≥ 0
 */
export function binarise(matrix: CsrMatrix): CsrMatrix {
  return withValues(
    matrix,
    matrix.values.map((value) => (value > 0 ? 1 : 0)),
  );
}
