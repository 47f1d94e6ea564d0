import type { Client } from '#api/client';
import type { ChromatinChoice, StudyChoice } from '#contract/annotation-request';
import type { Result } from '#contract/requests';
import { Task } from './task.svelte.ts';

export type PreflightReport = Result<'study:inspect'>;
export type Finding = PreflightReport['findings'][number];
export type Repair = NonNullable<Finding['repair']>;

/** New names of labels. */
export type LabelNames = readonly { readonly from: string; readonly to: string }[];

/** A choice as a draft keeps it. */
export interface KeptChoice {
  readonly path: string;
  readonly repairs?: readonly Repair[] | undefined;
  readonly labelsFile?: string | undefined;
  readonly chromatin?: ChromatinChoice | undefined;
}

/** One chosen file and what was found in it. Every change is looked at afresh; the file itself stays as it is. */
export class StudyDraft {
  readonly path: string;
  repairs = $state.raw<readonly Repair[]>([]);
  labelsFile = $state<string | null>(null);
  /** How fragments and peaks are counted, as far as a person said. */
  chromatin = $state.raw<ChromatinChoice>({});
  report = $state.raw<PreflightReport | null>(null);
  readonly looking = new Task();
  readonly choice = $derived<StudyChoice>(this.#choose());
  readonly problems = $derived(this.report?.findings.filter((finding) => finding.severity === 'problem') ?? []);
  /** Whether a run could read it. */
  readonly ready = $derived(this.report !== null && !this.looking.busy && this.problems.length === 0);
  readonly #client: Client;

  constructor(client: Client, choice: KeptChoice) {
    this.#client = client;
    this.path = choice.path;
    this.repairs = choice.repairs ?? [];
    this.labelsFile = choice.labelsFile ?? null;
    this.chromatin = choice.chromatin ?? {};
  }

  #choose(): StudyChoice {
    return {
      path: this.path,
      repairs: this.repairs.map((repair) => {
        if (repair.kind === 'drop-labels') return { ...repair, labels: [...repair.labels] };
        return repair.kind === 'rename-labels' ? { ...repair, names: [...repair.names] } : { ...repair };
      }),
      ...(this.labelsFile === null ? {} : { labelsFile: this.labelsFile }),
      ...(Object.keys(this.chromatin).length === 0 ? {} : { chromatin: { ...this.chromatin } }),
    };
  }

  /** Reads the pre-flight report; an unreadable file leaves its error in `looking`. */
  async inspect(): Promise<void> {
    await this.looking.run(async () => {
      const choice = this.choice;
      const report = await this.#client.request('study:inspect', { choice });
      if (choice === this.choice) this.report = report;
    });
    if (this.looking.error !== null) this.report = null;
  }

  /** Adds a repair; another matrix replaces the one chosen before. */
  async repair(repair: Repair): Promise<void> {
    this.repairs = [...this.repairs.filter((done) => done.kind !== repair.kind), repair];
    await this.inspect();
  }

  /** Renames labels, or none; what stands in the file, and so its report, stays as it is. */
  rename(names: LabelNames): void {
    const others = this.repairs.filter(({ kind }) => kind !== 'rename-labels');
    this.repairs = names.length === 0 ? others : [...others, { kind: 'rename-labels', names: [...names] }];
  }

  async undo(repair: Repair): Promise<void> {
    this.repairs = this.repairs.filter((done) => done !== repair);
    await this.inspect();
  }

  /** Says how it is counted; what is undefined is left to the application. */
  async count(chosen: ChromatinChoice): Promise<void> {
    const all = Object.entries({ ...this.chromatin, ...chosen }).filter(([, value]) => value !== undefined);
    this.chromatin = Object.fromEntries(all) as ChromatinChoice;
    await this.inspect();
  }

  async useLabelsFile(path: string | null): Promise<void> {
    this.labelsFile = path;
    await this.inspect();
  }
}

/** A repair in words: what a button that applies it says. */
export function repairText(repair: Repair): string {
  switch (repair.kind) {
    case 'use-matrix':
      return `Use ${repair.slot}`;
    case 'make-cell-names-unique':
      return 'Make cell names unique';
    case 'make-feature-names-unique':
      return 'Make feature names unique';
    case 'map-ensembl-to-symbols':
      return 'Map Ensembl ids to symbols';
    case 'drop-empty-cells':
      return 'Leave out empty cells';
    case 'drop-cells-below':
      return `Leave out cells below ${repair.counts} counts`;
    case 'add-chr':
      return 'Add “chr” to contig names';
    case 'transpose':
      return 'Swap rows and columns';
    case 'drop-labels':
      return `Leave out ${repair.labels.length === 1 ? `label ${repair.labels[0]}` : `${repair.labels.length} labels`}`;
    case 'rename-labels':
      return `Rename ${repair.names.map(({ from, to }) => `${from} to ${to}`).join(', ')}`;
  }
}
