import type { CsrMatrix } from '#core/data/csr-matrix';
import type { ValueBytes } from '#core/data/row-records';

/*
 * How a row lies in a file of rows, little-endian: its column numbers, in 2 bytes each where the matrix has at most
 * 65 536 columns, else in 4; then its values, in 1 or 2 bytes each where all of the row are whole numbers that fit, else
 * as float32. Both lists are padded to a multiple of 4 bytes. A row is one record, so that it is read in one piece.
 * Counts take 3 or 4 bytes a value instead of 8.
 */

/** Bytes of one column number in a matrix of so many columns. */
export function indexBytesFor(columns: number): 2 | 4 {
  return columns <= 65_536 ? 2 : 4;
}

/** Bytes of a row with `count` stored values. */
export function recordBytes(count: number, indexBytes: 2 | 4, valueBytes: number): number {
  return padded(count * indexBytes) + padded(count * valueBytes);
}

/** The fewest bytes in which each of the values from … to−1 is held exactly. */
export function valueBytesOf(values: Float32Array, from: number, to: number): ValueBytes {
  let bytes: ValueBytes = 1;
  for (let p = from; p < to; p++) {
    const value = values[p]!;
    const whole = value & 0xffff;
    if (whole !== value || (whole === 0 && Object.is(value, -0))) return 4;
    if (whole > 255) bytes = 2;
  }
  return bytes;
}

/** Some rows as records, one after the other. */
export interface PackedRows {
  readonly bytes: Uint8Array;
  /** [rows] stored values */
  readonly counts: Uint32Array;
  /** [rows] bytes of one value */
  readonly valueBytes: Uint8Array;
}

/** Rows as records. */
export function packRows({ rows, columns, indptr, indices, values }: CsrMatrix): PackedRows {
  const indexBytes = indexBytesFor(columns);
  const counts = new Uint32Array(rows);
  const valueBytes = new Uint8Array(rows);
  let size = 0;
  for (let row = 0; row < rows; row++) {
    counts[row] = indptr[row + 1]! - indptr[row]!;
    valueBytes[row] = valueBytesOf(values, indptr[row]!, indptr[row + 1]!);
    size += recordBytes(counts[row]!, indexBytes, valueBytes[row]!);
  }
  const views = viewsOf(new ArrayBuffer(size));
  let at = 0;
  for (let row = 0; row < rows; row++) {
    const [from, to] = [indptr[row]!, indptr[row + 1]!];
    views[indexBytes].set(indices.subarray(from, to), at / indexBytes);
    at += padded(counts[row]! * indexBytes);
    const bytes = valueBytes[row] as ValueBytes;
    (bytes === 4 ? views.float : views[bytes]).set(values.subarray(from, to), at / bytes);
    at += padded(counts[row]! * bytes);
  }
  return { bytes: views[1], counts, valueBytes };
}

/** Where a row's record lies in some bytes, and what it holds. */
export interface RecordPlace {
  readonly at: number;
  readonly count: number;
  readonly valueBytes: ValueBytes;
}

/** The rows whose records lie at `places`, in that order: [places.length, columns]. @param buffer records at multiples of 4 */
export function unpackRows(buffer: ArrayBuffer, places: readonly RecordPlace[], columns: number): CsrMatrix {
  const indexBytes = indexBytesFor(columns);
  const indptr = new Float64Array(places.length + 1);
  places.forEach(({ count }, row) => (indptr[row + 1] = indptr[row]! + count));
  const indices = new Uint32Array(indptr[places.length]!);
  const values = new Float32Array(indptr[places.length]!);
  const views = viewsOf(buffer);
  places.forEach(({ at, count, valueBytes }, row) => {
    const first = at / indexBytes;
    indices.set(views[indexBytes].subarray(first, first + count), indptr[row]!);
    const firstValue = (at + padded(count * indexBytes)) / valueBytes;
    const list = valueBytes === 4 ? views.float : views[valueBytes];
    values.set(list.subarray(firstValue, firstValue + count), indptr[row]!);
  });
  return { rows: places.length, columns, indptr, indices, values };
}

function viewsOf(buffer: ArrayBuffer) {
  return {
    1: new Uint8Array(buffer),
    2: new Uint16Array(buffer),
    4: new Uint32Array(buffer),
    float: new Float32Array(buffer),
  } as const;
}

function padded(bytes: number): number {
  return (bytes + 3) & ~3;
}
