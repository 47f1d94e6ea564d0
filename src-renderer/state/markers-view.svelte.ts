import type { Client } from '#api/client';
import type { Result } from '#contract/requests';
import { Task } from './task.svelte.ts';

export type Marker = Result<'run:markers'>[number];
export type MarkerOrder = 'rank' | 'attribution' | 'fold' | 'detection' | 'feature';

/** The determinant features of a run: searched, filtered and sorted in the window. */
export class MarkersView {
  all = $state.raw<readonly Marker[] | null>(null);
  label = $state<string | null>(null);
  text = $state('');
  order = $state<MarkerOrder>('rank');
  /** The marker that is looked at closely. */
  chosen = $state.raw<Marker | null>(null);
  readonly loading = new Task();
  readonly #client: Client;
  readonly #run: { readonly projectPath: string; readonly runId: string };

  readonly found = $derived.by(() => {
    const wanted = this.text.trim().toLowerCase();
    const fits = (marker: Marker): boolean =>
      (this.label === null || marker.label === this.label) && marker.feature.toLowerCase().includes(wanted);
    const found = (this.all ?? []).filter(fits);
    const order = orders[this.order];
    return order === null ? found : found.toSorted(order);
  });

  constructor(client: Client, run: { readonly projectPath: string; readonly runId: string }) {
    this.#client = client;
    this.#run = run;
  }

  /** Fetches them once. */
  async open(): Promise<void> {
    if (this.all !== null || this.loading.busy) return;
    const all = await this.loading.run(() => this.#client.request('run:markers', this.#run));
    if (all !== null) this.all = all;
  }

  /** Changes what is looked for; the table begins again at its first row. */
  look(change: { label?: string | null; text?: string; order?: MarkerOrder }): void {
    if (change.label !== undefined) this.label = change.label;
    if (change.text !== undefined) this.text = change.text;
    if (change.order !== undefined) this.order = change.order;
  }
}

const orders: Readonly<Record<MarkerOrder, ((a: Marker, b: Marker) => number) | null>> = {
  rank: null, // labels in their order, ranks rising
  attribution: (a, b) => b.meanAttribution - a.meanAttribution,
  fold: (a, b) => (b.logFoldChange ?? -Infinity) - (a.logFoldChange ?? -Infinity),
  detection: (a, b) => b.detectionRate - a.detectionRate,
  feature: (a, b) => (a.feature < b.feature ? -1 : a.feature > b.feature ? 1 : 0),
};
