import type { Client } from '#api/client';
import type { WorkProgress } from '#contract/requests';

/** How often the services are asked how far they are. */
const everyMs = 250;

/** A question whose answer may take long: how far it is, and a new one takes the old one back. */
export class WatchedQuestion {
  /** Null while nothing is known. */
  progress = $state.raw<WorkProgress | null>(null);
  readonly #client: Client;
  #asked: string | null = null;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Asks under a name of its own. The question asked before is taken back if it is still open. */
  async ask<T>(question: (name: string) => Promise<T>): Promise<T> {
    const name = Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join('-');
    if (this.#asked !== null) void this.#takeBack(this.#asked);
    this.#asked = name;
    this.progress = null;
    const timer = setInterval(() => void this.#look(name), everyMs);
    try {
      return await question(name);
    } finally {
      clearInterval(timer);
      if (this.#asked === name) {
        this.#asked = null;
        this.progress = null;
      }
    }
  }

  async #look(name: string): Promise<void> {
    // a look that fails is not told: the question itself fails with it, or the next look answers
    const progress = await this.#client.request('match:progress', { question: name }).catch(() => null);
    if (this.#asked === name && progress !== null) this.progress = progress;
  }

  async #takeBack(name: string): Promise<void> {
    await this.#client.request('match:stop', { question: name }).catch(() => false);
  }
}
