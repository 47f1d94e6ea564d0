import type { CsrMatrix } from '#core/data/csr-matrix';

/** Builds a sparse matrix row by row, where the number of rows and values is not known before. */
export class CsrBuilder {
  readonly #columns: number;
  readonly #indptr: number[] = [0];
  #indices = new Uint32Array(1024);
  #values = new Float32Array(1024);
  #stored = 0;

  /** @param columns width of the matrix */
  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Adds a value to the row that is open; columns must rise within a row. */
  push(column: number, value: number): void {
    if (this.#stored === this.#indices.length) {
      const room = this.#stored * 2;
      const [indices, values] = [new Uint32Array(room), new Float32Array(room)];
      indices.set(this.#indices);
      values.set(this.#values);
      [this.#indices, this.#values] = [indices, values];
    }
    this.#indices[this.#stored] = column;
    this.#values[this.#stored] = value;
    this.#stored++;
  }

  /** Closes the row; the next value belongs to the next one. */
  endRow(): void {
    this.#indptr.push(this.#stored);
  }

  /** [rows closed, columns] */
  finish(): CsrMatrix {
    return {
      rows: this.#indptr.length - 1,
      columns: this.#columns,
      indptr: Float64Array.from(this.#indptr),
      indices: this.#indices.slice(0, this.#stored),
      values: this.#values.slice(0, this.#stored),
    };
  }
}
