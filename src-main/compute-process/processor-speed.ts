/** What the trial takes on the processor on which `stageCosts` were measured: 0.97 … 1.03 ms in six tries, with a load above 10. */
const REFERENCE_MS = 1;
const POINTS = 1 << 14;
const ROUNDS = 30_000;
/** Trials at the first question, and in all; between two of the later ones a while passes. */
const [AT_FIRST, AT_MOST] = [6, 60];
const BETWEEN_MS = 300;

/**
 * How fast this processor is. A trial of about a millisecond (points of a plane pushed about at random, as a layout does) is
 * repeated, and the quickest counts: what else the computer is busy with does not. The first trials are slow until the code is
 * compiled, which takes long on a busy computer, so some more are made whenever it is asked for, up to a tenth of a second.
 */
export class ProcessorSpeed {
  readonly #now: () => number;
  readonly #work: () => void;
  #quickest = Infinity;
  #trials = 0;
  #last = 0;

  /** @param now milliseconds of a clock that never goes back @param work what is tried */
  constructor(now: () => number, work: () => void = pushAbout(new Float64Array(2 * POINTS))) {
    this.#now = now;
    this.#work = work;
  }

  /** How many times as long work of one thread takes here as where `stageCosts` were measured: 0.5 is twice as fast. */
  get factor(): number {
    while (this.#trials < AT_FIRST) this.#try();
    if (this.#trials < AT_MOST && this.#now() - this.#last >= BETWEEN_MS) this.#try();
    return this.#quickest / REFERENCE_MS;
  }

  #try(): void {
    const from = this.#now();
    this.#work();
    this.#last = this.#now();
    this.#quickest = Math.min(this.#quickest, this.#last - from);
    this.#trials++;
  }
}

function pushAbout(places: Float64Array): () => void {
  return () => {
    let draw = 1;
    for (let round = 0; round < ROUNDS; round++) {
      draw = (Math.imul(draw, 1664525) + 1013904223) >>> 0;
      const a = 2 * (draw & (POINTS - 1));
      const b = 2 * ((draw >>> 14) & (POINTS - 1));
      const x = places[a]! - places[b]! + 0.001;
      const y = places[a + 1]! - places[b + 1]!;
      const push = 1 / (1 + Math.sqrt(x * x + y * y) ** 1.6);
      places[a] = places[a]! + push * x;
      places[a + 1] = places[a + 1]! + push * y;
    }
  };
}
