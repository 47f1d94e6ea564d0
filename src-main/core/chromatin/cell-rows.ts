/** Which row of a matrix each barcode of a fragment file belongs to. */
export interface CellRows {
  /** How many rows there are. */
  readonly rows: number;
  /**
   * [at least barcodes.length] row of each barcode, −1 for one that is no cell.
   * @param barcodes the table of a reading, which may have grown since the last call
   */
  of(barcodes: readonly string[]): Int32Array;
}

/** Every barcode of one reading is a cell of its own: row = number of the barcode. */
export class EveryBarcode implements CellRows {
  #rows = Int32Array.from({ length: 1024 }, (_, i) => i);
  #ids: readonly string[] = [];

  get rows(): number {
    return this.#ids.length;
  }

  /** [rows] the barcodes seen so far. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  of(barcodes: readonly string[]): Int32Array {
    this.#ids = barcodes;
    if (barcodes.length > this.#rows.length) {
      this.#rows = Int32Array.from({ length: 2 * barcodes.length }, (_, i) => i);
    }
    return this.#rows;
  }
}
