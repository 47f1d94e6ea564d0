import type { Client } from '#api/client';
import type { Result } from '#contract/requests';
import { Task } from './task.svelte.ts';

export type Why = Result<'run:why'>;
/** Cells that are looked at; a larger selection is looked at by an even sample of it. */
export const MOST_CELLS = 2000;

/** Why the selected cells have their label. */
export class WhyView {
  answer = $state.raw<Why | null>(null);
  readonly asking = new Task();
  readonly #client: Client;
  readonly #run: { readonly projectPath: string; readonly runId: string };

  constructor(client: Client, run: { readonly projectPath: string; readonly runId: string }) {
    this.#client = client;
    this.#run = run;
  }

  /** @param cells places of the selected cells, rising; none forgets the answer */
  async ask(cells: Uint32Array): Promise<void> {
    if (cells.length === 0) {
      this.asking.reset();
      this.answer = null;
      return;
    }
    const sent = evenSample(cells, MOST_CELLS);
    const answer = await this.asking.run(() => this.#client.request('run:why', { ...this.#run, cells: sent }));
    if (answer !== null) this.answer = answer;
  }
}

/** At most `most` of them, evenly spread over their order. */
function evenSample(cells: Uint32Array, most: number): number[] {
  if (cells.length <= most) return [...cells];
  return Array.from({ length: most }, (_, i) => cells[Math.floor((i * cells.length) / most)]!);
}
