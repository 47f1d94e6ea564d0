import type { WireError } from '#core/base/app-error';
import { CHUNK, type LabelPage, RowChunks } from './row-chunks.ts';
import { Task } from './task.svelte.ts';

/** Asks for the rows of a table from `offset` on, at most `limit`. */
export type AskForRows = (offset: number, limit: number) => Promise<LabelPage>;

/** The rows of a table that are fetched as they come into view. */
export class CellRows {
  /** Null before the first rows came. */
  list = $state.raw<RowChunks | null>(null);
  /** Another number for other rows. */
  begun = $state(0);
  /** Why rows are missing; stays until they, or others that are looked at instead, are there. */
  problem = $state.raw<WireError | null>(null);
  readonly #fetching = new Task();
  readonly #ask: () => AskForRows;
  /** How the rows of the latest beginning are asked for, and those of `list`: others, until its first rows came. */
  #asked: AskForRows | null = null;
  #shown: AskForRows | null = null;
  #seen = { from: 0, to: 0 };
  #busy = false;

  /** @param ask gives, at each beginning, how rows are asked for from then on */
  constructor(ask: () => AskForRows) {
    this.#ask = ask;
  }

  /** Other rows, from the first one on; those that are shown stay until these are there. */
  async begin(): Promise<void> {
    const asked = this.#ask();
    this.#asked = asked;
    const page = await this.#fetch(asked, 0);
    if (page === null || this.#asked !== asked) return;
    this.#shown = asked;
    this.#seen = { from: 0, to: 0 };
    this.begun++;
    this.list = new RowChunks(page.total).with(0, page);
  }

  /** The rows from … to−1 are looked at: what is missing of them is fetched. Of looks that come meanwhile the latest counts. */
  async see(from: number, to: number): Promise<void> {
    this.#seen = { from, to };
    if (this.#busy) return; // the look that goes on sees to it
    if (this.#asked === this.#shown && this.#missing() === null) this.problem = null;
    this.#busy = true;
    try {
      for (let chunk = this.#missing(); chunk !== null; chunk = this.#missing()) {
        const [shown, offset] = [this.#shown!, chunk * CHUNK];
        const page = await this.#fetch(shown, offset);
        if (this.#shown !== shown) continue; // others have begun meanwhile, and are looked at already
        if (page === null) return; // it failed, or others begin, and are looked at when they are there
        this.list = this.list!.with(chunk, page);
      }
    } finally {
      this.#busy = false;
    }
  }

  /** After a failure: what was asked for last. */
  async again(): Promise<void> {
    await (this.#asked === this.#shown ? this.see(this.#seen.from, this.#seen.to) : this.begin());
  }

  /** Null if it failed or others were asked for meanwhile. */
  async #fetch(asked: AskForRows, offset: number): Promise<LabelPage | null> {
    const page = await this.#fetching.run(() => asked(offset, CHUNK));
    if (page !== null) this.problem = null;
    else if (this.#fetching.error !== null) this.problem = this.#fetching.error;
    return page;
  }

  /** A chunk that is looked at and not there; null while other rows begin. */
  #missing(): number | null {
    if (this.list === null || this.#asked !== this.#shown) return null;
    return this.list.missing(this.#seen.from, this.#seen.to);
  }
}
