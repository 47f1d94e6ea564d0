import type { Stage } from '#contract/run-events';

/** Passes stages on and measures how long each takes, in seconds of wall-clock time. */
export class StageClock {
  readonly #listener: { stage(stage: Stage, fraction: number, text: string): void };
  readonly #timings: Record<string, number> = {};
  #current: Stage | undefined;
  #since = performance.now();

  constructor(listener: { stage(stage: Stage, fraction: number, text: string): void }) {
    this.#listener = listener;
  }

  readonly stage = (stage: Stage, fraction: number, text: string): void => {
    if (stage !== this.#current) {
      this.#close();
      this.#current = stage;
    }
    this.#listener.stage(stage, fraction, text);
  };

  /** Ends the last stage and gives seconds per stage. */
  end(): Record<string, number> {
    this.#close();
    this.#current = undefined;
    return { ...this.#timings };
  }

  #close(): void {
    const now = performance.now();
    if (this.#current !== undefined) {
      const seconds = (this.#timings[this.#current] ?? 0) + (now - this.#since) / 1000;
      this.#timings[this.#current] = Math.round(seconds * 1000) / 1000;
    }
    this.#since = now;
  }
}
