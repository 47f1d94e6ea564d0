import type { Client } from '#api/client';
import type { Result } from '#contract/requests';
import type { RunResult } from '#contract/run-result';
import { UNKNOWN } from '#core/data/label-transfer';
import { type AskForRows, CellRows } from './cell-rows.svelte.ts';
import { CellSelection } from './cell-selection.svelte.ts';
import { FlowsView } from './flows-view.svelte.ts';
import { MapState } from './map-state.svelte.ts';
import { MarkersView } from './markers-view.svelte.ts';
import { orderedCells } from './ordered-cells.ts';
import { Task } from './task.svelte.ts';
import { WhyView } from './why-view.svelte.ts';

export type SortOrder = 'file' | 'confidence-falling' | 'confidence-rising' | 'label';
/** Rows that are given at once. */
const MOST_ROWS = 1000;
/** Bins of the confidence histogram: 0…1 in steps of 0.02. */
const BINS = 50;

/** One row of the composition: a label on both sides, under the threshold that is set now. */
export interface CompositionRow {
  readonly label: string;
  readonly referenceCells: number;
  /** Query cells for which this label is the most probable, however sure that is. */
  readonly predictedCells: number;
  /** Query cells shown under this label now. */
  readonly cells: number;
  /** Mean confidence of the cells for which this label is the most probable; null if there are none. */
  readonly meanConfidence: number | null;
}

/** A finished run as it is looked at: the threshold moves what is shown, never what was computed. */
export class ResultView {
  readonly projectPath: string;
  readonly runId: string;
  result = $state.raw<RunResult | null>(null);
  figures = $state.raw<Result<'run:figures'> | null>(null);
  threshold = $state(0.95);
  /** The label picked out on the map and in the table; null for all. */
  focus = $state<string | null>(null);
  sort = $state<SortOrder>('file');
  /** Whether the table shows the selected cells only. */
  onlySelected = $state(false);
  readonly selection = new CellSelection(() => this.result?.query.cells ?? 0);
  /** The rows of the table, under the focus, order and threshold that were set when they began. */
  readonly table = new CellRows(() => this.#rows());
  readonly map: MapState;
  readonly why: WhyView;
  readonly markers: MarkersView;
  readonly flows: FlowsView;
  readonly loading = new Task();
  readonly drawing = new Task();
  readonly naming = new Task();
  readonly #client: Client;
  readonly #names: Record<number, string> = {};

  /** [query cells] number of the label shown; −1 is Unknown. */
  readonly shown = $derived(this.result === null ? new Int32Array() : shownLabels(this.result, this.threshold));
  readonly counts = $derived(countLabels(this.shown, this.result?.labels.length ?? 0));
  readonly unknown = $derived(this.shown.length - this.counts.reduce((sum, cells) => sum + cells, 0));
  readonly composition = $derived<readonly CompositionRow[]>(
    (this.result?.labelTable ?? []).map((row, place) => ({
      label: row.label,
      referenceCells: row.referenceCells,
      predictedCells: row.predictedCells,
      cells: this.counts[place] ?? 0,
      meanConfidence: row.meanConfidence,
    })),
  );
  /** [bins] query cells by confidence. */
  readonly histogram = $derived(confidenceBins(this.result?.query.confidence ?? new Float32Array()));
  /** The largest confidence of any cell; 0 without cells. */
  readonly highest = $derived(this.result?.query.confidence.reduce((most, value) => Math.max(most, value), 0) ?? 0);
  readonly moved = $derived(this.result !== null && this.threshold !== this.result.facts.threshold);

  constructor(client: Client, projectPath: string, runId: string) {
    this.#client = client;
    this.projectPath = projectPath;
    this.runId = runId;
    this.map = new MapState(client, this.#run);
    this.why = new WhyView(client, this.#run);
    this.markers = new MarkersView(client, this.#run);
    this.flows = new FlowsView(client, this.#run);
  }

  async open(): Promise<void> {
    const result = await this.loading.run(() => this.#client.request('run:result', this.#run));
    if (result === null) return;
    this.result = result;
    this.threshold = result.facts.threshold;
    await Promise.all([this.table.begin(), this.draw()]);
  }

  /** Fetches the figures of the run. */
  async draw(): Promise<void> {
    await this.drawing.run(async () => {
      this.figures = await this.#client.request('run:figures', this.#run);
    });
  }

  /** How rows of the table are asked for under the focus, order and threshold that are set now. */
  #rows(): AskForRows {
    if (this.onlySelected && this.selection.count > 0) return this.#selectedRows();
    const { sort, threshold, focus } = this;
    const of = { ...this.#run, sort, threshold, ...(focus === null ? {} : { label: focus }) };
    return (offset, limit) => this.#client.request('run:labels', { ...of, offset, limit });
  }

  /** The same for the selected cells: which they are is known here, their names are asked for. */
  #selectedRows(): AskForRows {
    const { query, labels } = this.result!;
    const { threshold, focus, shown } = this;
    const label = focus === null ? null : labels.indexOf(focus);
    const cells = Array.from(this.selection.cells).filter((cell) => label === null || shown[cell] === label);
    const places = orderedCells(cells, this.sort, { confidence: query.confidence, shown, labels });
    return async (offset, limit) => {
      const wanted = places.slice(offset, offset + limit);
      const asked = { ...this.#run, cells: wanted, threshold };
      return { total: places.length, rows: wanted.length === 0 ? [] : await this.#client.request('run:cells', asked) };
    };
  }

  /** Selects cells, wherever a person points at them; the table follows. */
  async select(cells: Uint32Array, how: 'replace' | 'add' | 'remove' = 'replace'): Promise<void> {
    this.selection.take(cells, how);
    if (this.selection.count === 0) this.onlySelected = false;
    await this.table.begin();
  }

  /** The id of a query cell as in the file; null where it cannot be had, which a hover card does without. */
  async nameOf(cell: number): Promise<string | null> {
    const known = this.#names[cell];
    if (known !== undefined) return known;
    const rows = await this.naming.run(() => this.#client.request('run:cells', { ...this.#run, cells: [cell] }));
    const id = rows?.[0]?.cell;
    if (id === undefined) return null;
    this.#names[cell] = id;
    return id;
  }

  /** [query cells] ids as in the file, for files that a person saves. */
  async cellNames(): Promise<readonly string[]> {
    const names: string[] = [];
    for (let total = Infinity; names.length < total;) {
      const page = await this.#client.request('run:labels', { ...this.#run, offset: names.length, limit: MOST_ROWS });
      total = page.rows.length === 0 ? 0 : page.total;
      names.push(...page.rows.map((row) => row.cell));
    }
    return names;
  }

  async showOnlySelected(only: boolean): Promise<void> {
    this.onlySelected = only;
    await this.table.begin();
  }

  async focusOn(label: string | null): Promise<void> {
    this.focus = label;
    await this.table.begin();
  }

  async sortBy(sort: SortOrder): Promise<void> {
    this.sort = sort;
    await this.table.begin();
  }

  get #run(): { projectPath: string; runId: string } {
    return { projectPath: this.projectPath, runId: this.runId };
  }
}

/** What every query cell is shown as: its label where its confidence exceeds the threshold, else −1 for Unknown. */
export function shownLabels({ query }: Pick<RunResult, 'query'>, threshold: number): Int32Array {
  const shown = query.predicted.map((label, cell) => (query.confidence[cell]! > threshold ? label : -1));
  for (const cell of query.empty) shown[cell] = -1;
  return shown;
}

/** The name under which a cell is shown. */
export function shownName(labels: readonly string[], label: number): string {
  return label === -1 ? UNKNOWN : labels[label]!;
}

function countLabels(shown: Int32Array, labels: number): readonly number[] {
  const counts = new Array<number>(labels).fill(0);
  for (const label of shown) if (label >= 0) counts[label]!++;
  return counts;
}

function confidenceBins(confidence: Float32Array): readonly number[] {
  const bins = new Array<number>(BINS).fill(0);
  for (const value of confidence) bins[Math.min(BINS - 1, Math.floor(value * BINS))]!++;
  return bins;
}
