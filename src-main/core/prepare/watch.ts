import { type SparseRows, watchedRows } from '../data/sparse-rows.ts';

/** Tells how far work is that goes over stored rows several times, by the rows gone over. */
export class Watch {
  readonly #expected: number;
  readonly #told: (done: number) => void | Promise<void>;
  #seen = 0;
  #over = false;

  /**
   * @param expected rows in all passes, about
   * @param told the fraction done, 0…1; work waits for a promise given back
   */
  constructor(expected: number, told: (done: number) => void | Promise<void>) {
    this.#expected = expected;
    this.#told = told;
  }

  /** The same rows, watched. */
  rows(rows: SparseRows): SparseRows {
    return watchedRows(rows, (count) => {
      this.#seen += count;
      return this.tell();
    });
  }

  /** Tells how far the work is. */
  tell(): void | Promise<void> {
    return this.#over ? undefined : this.#told(Math.min(1, this.#seen / this.#expected));
  }

  /** Whoever goes over the rows from now on is not watched. */
  end(): void {
    this.#over = true;
  }
}
