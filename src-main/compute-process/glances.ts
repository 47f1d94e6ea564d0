/** Time between two looks at the least. */
const LEAST_MS = 3000;
/** The first look comes this long after the first step, so that it shows something that was learned. */
const FIRST_MS = 500;
/** Between two looks lies at least this many times what the last one cost: they take at most 2 % of the training. */
const TIMES_THE_COST = 50;

/** Says when the forming embedding may be looked at again, from what looking costs on this computer. */
export class Glances {
  readonly #now: () => number;
  #nextAt: number | null = null;
  #beganAt: number | null = null;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a look is due. Where it is, the look is taken to begin now. */
  due(): boolean {
    const now = this.#now();
    this.#nextAt ??= now + FIRST_MS;
    if (now < this.#nextAt) return false;
    this.#beganAt = now;
    return true;
  }

  /** The look that was due has been told. */
  told(): void {
    if (this.#beganAt === null) throw new Error('Glances.told: no look was due');
    const now = this.#now();
    this.#nextAt = now + Math.max(LEAST_MS, TIMES_THE_COST * (now - this.#beganAt));
    this.#beganAt = null;
  }
}
