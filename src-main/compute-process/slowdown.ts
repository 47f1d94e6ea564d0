/** The latest moments count, over about so many milliseconds. */
const MEMORY_MS = 20_000;
/** So much work must have been seen before it tells anything. */
const ENOUGH_MS = 200;

/** A moment of a run: a clock that never goes back, and how long the main thread was on the processor until then; milliseconds. */
export interface Moment {
  readonly at: number;
  readonly busy: number;
}

/**
 * How many times as long work of the main thread takes by the clock as on the processor, lately: 1 where nothing else runs on
 * the computer, 3 where it gets a third of a core. Told from how the two clocks go on, so a load that comes or goes is seen
 * within some seconds.
 */
export class Slowdown {
  #last: Moment | null = null;
  #clock = 0;
  #busy = 0;

  /** @param waits the main thread waited for something else since the last look, which says nothing of the load */
  look(now: Moment, waits = false): void {
    if (this.#last !== null && !waits) {
      const passed = Math.max(0, now.at - this.#last.at);
      const kept = Math.exp(-passed / MEMORY_MS);
      this.#clock = this.#clock * kept + passed;
      this.#busy = this.#busy * kept + Math.max(0, now.busy - this.#last.busy);
    }
    this.#last = now;
  }

  /** 1 or more; 1 as long as nothing is known. */
  get factor(): number {
    return this.#busy < ENOUGH_MS ? 1 : Math.max(1, this.#clock / this.#busy);
  }
}
