/**
 * Cosine of every row of a with every row of b: [rows of a, rows of b] row by row. A row of zeros has cosine 0 with all.
 * @param a [·, width] row by row  @param b [·, width] row by row
 */
export function cosines(a: ArrayLike<number>, b: ArrayLike<number>, width: number): Float64Array {
  const left = unitRows(a, width);
  const right = unitRows(b, width);
  const [rows, columns] = [a.length / width, b.length / width];
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let d = 0; d < width; d++) sum += left[i * width + d]! * right[j * width + d]!;
      out[i * columns + j] = sum;
    }
  }
  return out;
}

/** Rows divided by their Euclidean length, a row of zeros stays: [·, width]. */
export function unitRows(values: ArrayLike<number>, width: number): Float64Array {
  const out = Float64Array.from(values);
  for (let from = 0; from < out.length; from += width) {
    let sum = 0;
    for (let d = 0; d < width; d++) sum += out[from + d]! ** 2;
    const length = Math.sqrt(sum);
    if (length > 0) for (let d = 0; d < width; d++) out[from + d]! /= length;
  }
  return out;
}
