/** How a matrix lies in memory: rows one after the other, or in strips (assembly/strips.ts). All numbers count float32 numbers. */
export interface MatrixForm {
  /** Without padding. */
  readonly rows: number;
  readonly columns: number;
  /** Columns with padding. */
  readonly width: number;
  /** From one row to the next, within a strip of 32 columns. */
  readonly row: number;
  /** From one strip to the next, in the same row. */
  readonly strip: number;
  /** With padding. */
  readonly length: number;
}

/** Columns of a strip, as in assembly/strips.ts. */
export const STRIP = 32;

/** Smallest number of whole strips, in columns. */
export function wholeStrips(columns: number): number {
  return Math.ceil(columns / STRIP) * STRIP;
}

/** Rows one after the other. @param paddedRows as many as what it is multiplied with has columns with padding */
export function inRows(rows: number, columns: number, paddedRows = rows): MatrixForm {
  const width = wholeStrips(columns);
  return { rows, columns, width, row: width, strip: STRIP, length: paddedRows * width };
}

/** Strip after strip; only columns are padded. */
export function inStrips(rows: number, columns: number): MatrixForm {
  const width = wholeStrips(columns);
  return { rows, columns, width, row: STRIP, strip: STRIP * rows, length: rows * width };
}

/** Copies a matrix, row by row, into its form; the padding is left as it is. */
export function putInto(form: MatrixForm, to: Float32Array, matrix: Float32Array): void {
  for (const { place, from, end } of runs(form)) to.set(matrix.subarray(from, end), place);
}

/** The matrix row by row, without padding. */
export function takenFrom(form: MatrixForm, from: Float32Array): Float32Array {
  const matrix = new Float32Array(form.rows * form.columns);
  for (const run of runs(form)) matrix.set(from.subarray(run.place, run.place + run.end - run.from), run.from);
  return matrix;
}

/** The pieces that lie together in both forms. */
function* runs({ rows, columns, row, strip }: MatrixForm): Generator<{ place: number; from: number; end: number }> {
  for (let r = 0; r < rows; r++) {
    for (let first = 0; first < columns; first += STRIP) {
      const from = r * columns + first;
      const end = from + Math.min(STRIP, columns - first);
      yield { place: r * row + (first / STRIP) * strip, from, end };
    }
  }
}
