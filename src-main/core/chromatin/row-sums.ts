import type { CsrMatrix } from '../data/csr-matrix.ts';

/**
 * Builds sparse rows from contributions that come in any order: add to columns of the current row, end the row, and take
 * the rows that are finished. Sums are float64 and rounded to float32 once.
 */
export class RowSums {
  readonly #sums: Float64Array;
  readonly #isTouched: Uint8Array;
  readonly #touched: Uint32Array;
  #count = 0;
  #ends: number[] = [0];
  #indices = new Uint32Array(1 << 16);
  #values = new Float32Array(1 << 16);

  constructor(columns: number) {
    this.#sums = new Float64Array(columns);
    this.#isTouched = new Uint8Array(columns);
    this.#touched = new Uint32Array(columns);
  }

  add(column: number, value: number): void {
    if (this.#isTouched[column] === 0) {
      this.#isTouched[column] = 1;
      this.#touched[this.#count++] = column;
    }
    this.#sums[column]! += value;
  }

  /** Finishes a row, zeros left out. @param scaleTo what its values are brought to add up to; not scaled without it */
  endRow(scaleTo?: number): void {
    const from = this.#ends.at(-1)!;
    const columns = this.#touched.subarray(0, this.#count).sort();
    let total = 0;
    for (const column of columns) total += this.#sums[column]!;
    const factor = scaleTo === undefined || total === 0 ? 1 : scaleTo / total;
    this.#makeRoom(from + this.#count);
    let end = from;
    for (const column of columns) {
      if (this.#sums[column] !== 0) {
        this.#indices[end] = column;
        this.#values[end++] = this.#sums[column]! * factor;
      }
      this.#sums[column] = 0;
      this.#isTouched[column] = 0;
    }
    this.#count = 0;
    this.#ends.push(end);
  }

  /** The finished rows: [rows, columns]; the next ones begin a new matrix. */
  take(): CsrMatrix {
    const indptr = Float64Array.from(this.#ends);
    const stored = indptr.at(-1)!;
    this.#ends = [0];
    return {
      rows: indptr.length - 1,
      columns: this.#sums.length,
      indptr,
      indices: this.#indices.slice(0, stored),
      values: this.#values.slice(0, stored),
    };
  }

  #makeRoom(length: number): void {
    if (length <= this.#indices.length) return;
    const size = Math.max(length, 2 * this.#indices.length);
    const [indices, values] = [new Uint32Array(size), new Float32Array(size)];
    indices.set(this.#indices);
    values.set(this.#values);
    [this.#indices, this.#values] = [indices, values];
  }
}
