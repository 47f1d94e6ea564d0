import type { Stage } from '#contract/run-events';

/**
 * The wish to pause: training stops after the step that is going on, with a checkpoint of just that step. In every other
 * stage there is nothing to keep, so the run stops at once and later goes on from the last checkpoint there is.
 */
export class PauseWish {
  readonly #stop: () => void;
  #asked = false;
  #training = false;

  /** @param stop ends the run */
  constructor(stop: () => void) {
    this.#stop = stop;
  }

  get asked(): boolean {
    return this.#asked;
  }

  ask(): void {
    this.#asked = true;
    if (!this.#training) this.#stop();
  }

  stage(stage: Stage): void {
    this.#training = stage === 'train';
    if (this.#asked && !this.#training) this.#stop();
  }

  /** A checkpoint has been written. */
  kept(): void {
    if (this.#asked) this.#stop();
  }
}
