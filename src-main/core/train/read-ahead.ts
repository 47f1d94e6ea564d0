import { Random } from '../base/random.ts';

/**
 * What each step looks at, drawn one after the other. Where rows do not lie in memory, those of the next step are read while
 * the present one computes. That changes neither the numbers drawn nor what a checkpoint holds: `random` is always where it
 * stands before the next batch that `next` gives.
 */
export class ReadAhead<Batch> {
  readonly #draw: (random: Random) => Promise<Batch>;
  readonly #random: Random;
  readonly #ahead: boolean;
  /** The batch that is being read, and the random numbers as they stood before it was drawn. */
  #reading: { readonly batch: Promise<Batch>; readonly before: ReturnType<Random['state']> } | null = null;

  /**
   * @param draw takes its random numbers before it waits for anything
   * @param random is moved on by every batch
   * @param ahead whether reading takes time, so that it is begun early
   */
  constructor(draw: (random: Random) => Promise<Batch>, random: Random, ahead: boolean) {
    this.#draw = draw;
    this.#random = random;
    this.#ahead = ahead;
  }

  /** The batch of the next step. @param last whether no other will be asked for */
  async next(last: boolean): Promise<Batch> {
    const batch = await (this.#reading?.batch ?? this.#draw(this.#random));
    this.#reading = null;
    if (this.#ahead && !last) {
      const before = this.#random.state();
      const next = this.#draw(this.#random);
      next.catch(() => undefined); // it is told when the batch is asked for
      this.#reading = { batch: next, before };
    }
    return batch;
  }

  /** The random numbers as they stand before the next batch. */
  get random(): Random {
    return Random.restore(this.#reading?.before ?? this.#random.state());
  }
}
