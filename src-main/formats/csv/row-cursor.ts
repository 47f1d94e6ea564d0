import { basename } from 'node:path';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { tableLines, type TableLines } from '../text/table-lines.ts';
import { CsrBuilder } from './csr-builder.ts';
import type { CsvLayout } from './csv-layout.ts';
import { placedRows, type RowNames } from './row-names.ts';
import type { RowParser } from './row-parser.ts';

/**
 * Reads rows of a table where they lie, block by block. Rows in order cost one pass over the file. To go back costs
 * nothing in a plain file, whose rows were placed when their names were read; a packed file is begun again.
 */
export class RowCursor {
  readonly #path: string;
  readonly #layout: CsvLayout;
  readonly #parser: RowParser;
  readonly #places: RowNames['places'];
  #blocks: AsyncGenerator<TableLines> | null = null;
  #block: TableLines | null = null;
  /** The next row of the block, and its number in the table; the header is row −1. */
  #inBlock = 0;
  #row = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string, layout: CsvLayout, parser: RowParser, places: RowNames['places']) {
    this.#path = path;
    this.#layout = layout;
    this.#parser = parser;
    this.#places = places;
  }

  /** Rows from … to−1: [to − from, columns of numbers]. Calls wait for each other. Throws what `RowParser` throws. */
  read(from: number, to: number): Promise<CsrMatrix> {
    const read = this.#last.then(() => this.#read(from, to));
    this.#last = read.catch(() => this.close()); // the next call begins anew; this one's caller hears of the error
    return read;
  }

  /** Lets go of the file. */
  close(): void {
    void this.#blocks?.return(undefined);
    this.#blocks = null;
    this.#block = null;
  }

  async #read(from: number, to: number): Promise<CsrMatrix> {
    const builder = new CsrBuilder(this.#layout.numberColumns.length);
    if (from < to) this.#goNear(from);
    while (this.#row < to && from < to) {
      const block = await this.#currentBlock();
      const begin = block.begins[this.#inBlock]!;
      if (this.#row >= from) {
        const line = block.lines[this.#inBlock]!;
        const stored = this.#parser.parse(block.bytes, begin, block.ends[this.#inBlock]!, line);
        builder.addRow(this.#parser.columns, this.#parser.values, stored);
      }
      this.#inBlock++;
      this.#row++;
    }
    return builder.finish();
  }

  /** Goes to the last noted place at or before a row, unless the cursor is there or closer already. */
  #goNear(row: number): void {
    const place = Math.min(this.#places.length - 1, Math.floor(row / placedRows));
    if (this.#blocks !== null && this.#row <= row && this.#row >= place * placedRows) return;
    this.close();
    this.#blocks = tableLines(this.#path, undefined, this.#places[place]);
    this.#row = place === -1 ? -1 : place * placedRows;
  }

  async #currentBlock(): Promise<TableLines> {
    while (this.#block === null || this.#inBlock === this.#block.begins.length) {
      const next = await this.#blocks!.next();
      if (next.done === true) throw new Error(`${basename(this.#path)} changed while it was read`);
      this.#block = next.value;
      this.#inBlock = 0;
    }
    return this.#block;
  }
}
