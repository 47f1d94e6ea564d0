import type { Client } from '#api/client';
import type { Result } from '#contract/requests';
import { Task } from './task.svelte.ts';

/** By what the cells of the map are coloured. */
export type Colouring = 'label' | 'confidence' | 'dataset' | 'truth' | 'feature' | 'column';
/** The space whose map is shown: that which the method learned, or that of the studies before training. */
export type Space = 'learned' | 'before';
export type FeatureColumn = Result<'run:feature-values'>;
export type FeatureMatches = Result<'run:features'>;
export type StudyColumn = Result<'run:column-values'>;
export type StudyColumns = Result<'run:columns'>;

/** How the map of a result is looked at. It stays while a person goes from tab to tab. */
export class MapState {
  colouring = $state<Colouring>('label');
  space = $state<Space>('learned');
  withReference = $state(false);
  /** Names of the legend that are not drawn. */
  hidden = $state.raw<readonly string[]>([]);
  /** The name of the legend that is picked out, where that is not a label in focus; null for none. */
  picked = $state<string | null>(null);
  feature = $state.raw<FeatureColumn | null>(null);
  matches = $state.raw<FeatureMatches | null>(null);
  /** What the studies came with; null until it was asked for. */
  columns = $state.raw<StudyColumns | null>(null);
  column = $state.raw<StudyColumn | null>(null);
  readonly fetching = new Task();
  readonly listing = new Task();
  readonly searching = new Task();
  readonly #client: Client;
  readonly #run: { readonly projectPath: string; readonly runId: string };

  constructor(client: Client, run: { readonly projectPath: string; readonly runId: string }) {
    this.#client = client;
    this.#run = run;
  }

  colourBy(colouring: Colouring): void {
    this.colouring = colouring;
    this.hidden = [];
    this.picked = null;
  }

  toggleHidden(name: string): void {
    const others = this.hidden.filter((hidden) => hidden !== name);
    this.hidden = others.length < this.hidden.length ? others : [...others, name];
  }

  /** Colours the map by a feature; the one shown before stays until its values are there. */
  async showFeature(feature: string): Promise<void> {
    if (this.feature?.feature === feature) return this.colourBy('feature');
    const column = await this.fetching.run(() => this.#client.request('run:feature-values', { ...this.#run, feature }));
    if (column === null) return;
    this.feature = column;
    this.colourBy('feature');
  }

  /** Asks once which columns the studies came with. */
  async listColumns(): Promise<void> {
    if (this.columns !== null || this.listing.busy) return;
    this.columns = await this.listing.run(() => this.#client.request('run:columns', this.#run));
  }

  /** Colours the map by a column of the studies; the one shown before stays until its values are there. */
  async showColumn(name: string): Promise<void> {
    if (this.column?.column === name) return this.colourBy('column');
    const column = await this.fetching.run(() =>
      this.#client.request('run:column-values', { ...this.#run, column: name }),
    );
    if (column === null) return;
    this.column = column;
    this.colourBy('column');
  }

  /** Looks for features whose names hold a text. */
  async search(text: string): Promise<void> {
    const matches = await this.searching.run(() => this.#client.request('run:features', { ...this.#run, text }));
    if (matches !== null) this.matches = matches;
  }
}
