import type { RunEvent } from '#contract/run-events';

/**
 * Numbers nothing itself: keeps the last events of each run and passes each on. Steps make up most of them; the oldest
 * steps go first, so that the beginning of a long run (its engine, its stages) stays.
 */
export class EventHistory {
  readonly #kept: number;
  readonly #events = new Map<string, RunEvent[]>();
  readonly #listeners = new Set<(event: RunEvent) => void>();

  constructor(kept: number) {
    this.#kept = kept;
  }

  add(event: RunEvent): void {
    const known = this.#events.get(event.runId) ?? [];
    // of the forming embedding only the latest view matters, and each is large
    const events = event.kind === 'forming' ? known.filter(({ kind }) => kind !== 'forming') : known;
    this.#events.set(event.runId, events);
    events.push(event);
    if (events.length > this.#kept) {
      const oldestStep = events.findIndex(({ kind }) => kind === 'step');
      events.splice(Math.max(0, oldestStep), 1);
    }
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Oldest first. */
  of(runId: string): readonly RunEvent[] {
    return [...(this.#events.get(runId) ?? [])];
  }

  /** The number of the next event of a run. */
  nextSeq(runId: string): number {
    return (this.#events.get(runId)?.at(-1)?.seq ?? -1) + 1;
  }

  listen(listener: (event: RunEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
