import type { CsrMatrix } from '#core/data/csr-matrix';
import type { ReadOptions } from '../text/row-source.ts';
import type { RowSpill } from './row-spill.ts';

/** The rows of a matrix that its file does not give row by row: turned over once, when the first of them are wanted. */
export class TurnedRows {
  readonly #turn: (options: ReadOptions) => Promise<RowSpill>;
  #turning: Promise<RowSpill> | null = null;
  #spill: RowSpill | null = null;
  #open = true;

  /** @param turn reads the file once and gives back its entries as rows; what it throws leaves nothing behind */
  constructor(turn: (options: ReadOptions) => Promise<RowSpill>) {
    this.#turn = turn;
  }

  /** Turns the matrix over unless that was done. Those who ask meanwhile wait for the same work; after a failure it is tried again. */
  async prepare(options: ReadOptions = {}): Promise<void> {
    if (this.#spill !== null) return;
    this.#turning ??= this.#turn(options);
    try {
      this.#spill = await this.#turning;
    } finally {
      this.#turning = null;
    }
    if (!this.#open) this.#spill.close();
  }

  /** Rows from … to−1. */
  async rows(from: number, to: number): Promise<CsrMatrix> {
    await this.prepare();
    return this.#spill!.read(from, to);
  }

  close(): void {
    this.#open = false;
    this.#spill?.close();
  }
}
