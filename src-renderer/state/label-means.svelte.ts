import type { Client } from '#api/client';
import type { Results } from '#contract/requests';
import { Task } from './task.svelte.ts';

/** Features that are asked for at once. */
const AT_ONCE = 64;

/** The mean z-scores of features by label, fetched a part at a time so that nothing waits for all of them. */
export class LabelMeansView {
  /** Of the features asked for last; null until all are there. */
  parts = $state.raw<readonly Results['run:label-means'][] | null>(null);
  /** Share of them that is there, 0 … 1. */
  fraction = $state(0);
  readonly fetching = new Task();
  readonly #client: Client;
  readonly #run: { readonly projectPath: string; readonly runId: string };
  #of = '';

  constructor(client: Client, run: { readonly projectPath: string; readonly runId: string }) {
    this.#client = client;
    this.#run = run;
  }

  /** Fetches them, unless they are there; a later call overtakes an earlier one. */
  async fetch(features: readonly string[]): Promise<void> {
    const of = features.join('\n');
    if (of === this.#of && this.fetching.error === null) return;
    this.#of = of;
    this.parts = null;
    this.fraction = 0;
    const parts = await this.fetching.run(async () => {
      const found: Results['run:label-means'][] = [];
      for (let from = 0; from < features.length && this.#of === of; from += AT_ONCE) {
        const some = features.slice(from, from + AT_ONCE);
        found.push(await this.#client.request('run:label-means', { ...this.#run, features: some }));
        if (this.#of === of) this.fraction = Math.min(1, (from + AT_ONCE) / features.length);
      }
      return found;
    });
    if (parts !== null) this.parts = parts;
  }
}
