import type { RunEvent } from '#contract/run-events';
import { RequestError } from './request-error.ts';

/**
 * Puts the events of one run in order: live events go straight on while their numbers follow each other; after a
 * gap, and after `catchUp`, the history fills in what was missed. An event is told once.
 */
export class RunWatch {
  #last = -1;
  #waiting: RunEvent[] = [];
  #fetching = false;
  #again = false;
  #stopped = false;
  readonly #listener: (event: RunEvent) => void;
  readonly #history: (after: number) => Promise<readonly RunEvent[]>;
  readonly #onproblem: (error: RequestError) => void;

  constructor(
    listener: (event: RunEvent) => void,
    history: (after: number) => Promise<readonly RunEvent[]>,
    onproblem: (error: RequestError) => void = () => undefined,
  ) {
    this.#listener = listener;
    this.#history = history;
    this.#onproblem = onproblem;
  }

  /** A live event. */
  receive(event: RunEvent): void {
    if (this.#fetching) {
      this.#waiting.push(event);
    } else if (event.seq === this.#last + 1) {
      this.#tell(event);
    } else if (event.seq > this.#last) {
      this.#waiting.push(event);
      this.catchUp();
    }
  }

  /** Asks for what may have been missed. */
  catchUp(): void {
    if (this.#stopped) return;
    if (this.#fetching) {
      this.#again = true;
      return;
    }
    this.#fetching = true;
    this.#history(this.#last)
      .then(
        (history) => this.#tellAll([...history, ...this.#waiting.splice(0)]),
        (error: unknown) => {
          if (!(error instanceof RequestError)) throw error;
          this.#onproblem(error);
        },
      )
      .finally(() => {
        this.#fetching = false;
        if (!this.#again) return;
        this.#again = false;
        this.catchUp();
      });
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting = [];
  }

  /** The history may have lost its beginning; what there is comes in order. */
  #tellAll(events: readonly RunEvent[]): void {
    for (const event of events.toSorted((a, b) => a.seq - b.seq)) if (event.seq > this.#last) this.#tell(event);
  }

  #tell(event: RunEvent): void {
    if (this.#stopped) return;
    this.#last = event.seq;
    this.#listener(event);
  }
}
