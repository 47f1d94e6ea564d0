import type { Client, ConnectionState } from '#api/client';
import type { Result } from '#contract/requests';
import { Task } from './task.svelte.ts';

/** What is the same on every screen: the application itself, its methods and engines, and the recent projects. */
export class Session {
  about = $state.raw<Result<'system:about'> | null>(null);
  methods = $state.raw<Result<'methods:list'>>([]);
  engines = $state.raw<Result<'engines:list'> | null>(null);
  recent = $state.raw<Result<'project:recent'> | null>(null);
  /** Whether the services answer. */
  connection = $state<ConnectionState>('open');
  readonly loading = new Task();
  readonly probing = new Task();
  readonly listing = new Task();
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Watches the connection; the function it gives back stops that. */
  watch(): () => void {
    return this.#client.onConnection((state) => (this.connection = state));
  }

  /** Fetches everything; the engines come last because they are probed. */
  async load(): Promise<void> {
    await Promise.all([
      this.loading.run(async () => {
        [this.about, this.methods] = await Promise.all([
          this.#client.request('system:about', {}),
          this.#client.request('methods:list', {}),
        ]);
      }),
      this.refreshRecent(),
      this.probing.run(async () => {
        this.engines = await this.#client.request('engines:list', {});
      }),
    ]);
  }

  async refreshRecent(): Promise<void> {
    await this.listing.run(async () => {
      this.recent = await this.#client.request('project:recent', {});
    });
  }
}
