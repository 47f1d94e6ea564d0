import type { Stage } from '#contract/run-events';

/**
 * The wish to pause: a training that keeps checkpoints stops after the step that is going on, with a checkpoint of just that step.
 * In every other stage, in the trials of tuning and in a training that keeps none there is nothing to keep, so the run stops at once
 * and later goes on from the last checkpoint there is.
 */
export class PauseWish {
  readonly #stop: () => void;
  #asked = false;
  #keeps = false;

  /** @param stop ends the run */
  constructor(stop: () => void) {
    this.#stop = stop;
  }

  get asked(): boolean {
    return this.#asked;
  }

  ask(): void {
    this.#asked = true;
    if (!this.#keeps) this.#stop();
  }

  /** A training asked where to go on: from now on it keeps checkpoints. */
  begins(): void {
    this.#keeps = true;
  }

  stage(stage: Stage): void {
    if (stage !== 'train') this.#keeps = false;
    if (this.#asked && !this.#keeps) this.#stop();
  }

  /** A checkpoint has been written. */
  kept(): void {
    if (this.#asked) this.#stop();
  }
}
