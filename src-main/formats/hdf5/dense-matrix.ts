import { AppError } from '#core/base/app-error';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { Hdf5Dataset } from './hdf5-dataset.ts';
import { checkNumeric, notFinite } from './matrix-place.ts';

/** Values that are read at once, as float32. */
const blockValues = 4 * 1024 * 1024;

/** Refuses a dataset that is not a table of numbers of the wanted size. */
export function checkDense(table: Hdf5Dataset, rows: number, columns: number): void {
  checkNumeric(table);
  if (table.shape.length === 2 && table.shape[0] === rows && table.shape[1] === columns) return;
  throw new AppError('reading.wrong-shape', {
    file: table.file.name,
    place: table.place,
    expected: `${rows} × ${columns} values`,
    found: `shape ${table.shape.join(' × ')}`,
  });
}

/** A box of a table of numbers as sparse rows: [rows, columns] from the given row and column on. Zeros are not stored. */
export function readDense(
  table: Hdf5Dataset,
  box: { readonly row: number; readonly rows: number; readonly column: number; readonly columns: number },
): CsrMatrix {
  const indptr = new Float64Array(box.rows + 1);
  const parts: { indices: Uint32Array; values: Float32Array }[] = [];
  const step = Math.max(1, Math.floor(blockValues / Math.max(1, box.columns)));
  let stored = 0;
  for (let row = 0; row < box.rows; row += step) {
    const rows = Math.min(step, box.rows - row);
    const block = table.readFloats([box.row + row, box.column], [rows, box.columns]);
    let kept = 0;
    for (const value of block) if (value !== 0) kept++;
    const indices = new Uint32Array(kept);
    const values = new Float32Array(kept);
    let q = 0;
    for (let r = 0; r < rows; r++) {
      for (let column = 0; column < box.columns; column++) {
        const value = block[r * box.columns + column]!;
        if (value === 0) continue;
        if (!Number.isFinite(value)) throw notFinite(table, box.row + row + r, box.column + column, value);
        indices[q] = column;
        values[q++] = value;
      }
      indptr[row + r + 1] = stored + q;
    }
    stored += kept;
    parts.push({ indices, values });
  }
  const indices = new Uint32Array(stored);
  const values = new Float32Array(stored);
  let at = 0;
  for (const part of parts) {
    indices.set(part.indices, at);
    values.set(part.values, at);
    at += part.values.length;
  }
  return { rows: box.rows, columns: box.columns, indptr, indices, values };
}
