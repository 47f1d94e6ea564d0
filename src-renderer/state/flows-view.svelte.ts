import type { Client } from '#api/client';
import type { StudyColumn } from './map-state.svelte.ts';
import { Task } from './task.svelte.ts';

/** Which labels of the query the labels shown are compared with, and how; it stays while a person goes from tab to tab. */
export class FlowsView {
  /** A column of the query; null for the true labels of the run. */
  column = $state.raw<StudyColumn | null>(null);
  by = $state<'share' | 'cells'>('share');
  /** The row and column whose cells were selected here last, with the cells; null before. */
  picked = $state.raw<{
    readonly row: number | null;
    readonly column: number | null;
    readonly cells: Uint32Array;
  } | null>(null);
  readonly fetching = new Task();
  readonly #client: Client;
  readonly #run: { readonly projectPath: string; readonly runId: string };

  constructor(client: Client, run: { readonly projectPath: string; readonly runId: string }) {
    this.#client = client;
    this.#run = run;
  }

  /** Compares with a column of the query; the one before stays until its values are there. */
  async compareWith(name: string | null): Promise<void> {
    const column =
      name === null
        ? null
        : await this.fetching.run(() => this.#client.request('run:column-values', { ...this.#run, column: name }));
    if (column === null && name !== null) return;
    if (name === null) this.fetching.reset();
    this.column = column;
    this.picked = null;
  }
}
