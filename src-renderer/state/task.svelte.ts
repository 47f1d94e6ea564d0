import type { WireError } from '#core/base/app-error';

/** One piece of work that a person started: whether it goes on, and what went wrong, for the place where they acted. */
export class Task {
  busy = $state(false);
  error = $state.raw<WireError | null>(null);
  #latest = 0;

  /** Runs `work`. Gives its result, or null if it failed or a later call overtook it; a failure is kept in `error`. */
  async run<T>(work: () => Promise<T>): Promise<T | null> {
    const mine = ++this.#latest;
    this.busy = true;
    this.error = null;
    try {
      const result = await work();
      return mine === this.#latest ? result : null;
    } catch (error) {
      if (mine === this.#latest) this.error = wireOf(error);
      return null;
    } finally {
      if (mine === this.#latest) this.busy = false;
    }
  }

  /** Forgets the error and whatever is under way. */
  reset(): void {
    this.#latest++;
    this.busy = false;
    this.error = null;
  }
}

/** An error as it is shown: catalogued ones carry their remedy, all others are faults of ours and say so. */
export function wireOf(error: unknown): WireError {
  if (error instanceof Error && 'code' in error && 'remedy' in error)
    return { code: String(error.code), message: error.message, remedy: String(error.remedy) };
  return {
    code: 'internal',
    message: `Something went wrong inside the application: ${error instanceof Error ? error.message : String(error)}`,
    remedy: 'Try again; if it happens again, send the message to the makers.',
  };
}
