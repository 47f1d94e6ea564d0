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

  /** Values taken so far. */
  get stored(): number {
    return this.#stored;
  }

  /** Adds a row: the first `count` of `columns`, which rise, with their values. */
  addRow(columns: Uint32Array, values: Float32Array, count: number): void {
    const stored = this.#stored + count;
    if (stored > this.#indices.length) {
      const room = Math.max(stored, this.#indices.length * 2);
      const [indicesBefore, valuesBefore] = [this.#indices, this.#values];
      this.#indices = new Uint32Array(room);
      this.#values = new Float32Array(room);
      this.#indices.set(indicesBefore);
      this.#values.set(valuesBefore);
    }
    this.#indices.set(columns.subarray(0, count), this.#stored);
    this.#values.set(values.subarray(0, count), this.#stored);
    this.#stored = stored;
    this.#indptr.push(stored);
  }

  /** [rows added, columns] */
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
