import { SvelteMap } from 'svelte/reactivity';
import type { Client } from '#api/client';
import type { AnnotationRequestInput } from '#contract/annotation-request';
import type { Result } from '#contract/requests';
import type { Scenario } from '#core/data/scenario';
import { type KeptDraft, forgetDraft, keepDraft, recallDraft } from './kept-draft.ts';
import { type KeptChoice, type LabelNames, StudyDraft } from './study-draft.svelte.ts';
import { Task } from './task.svelte.ts';
import { WatchedQuestion } from './watched-question.svelte.ts';

export type MatchReport = Result<'match:check'>;
export type Role = 'reference' | 'query' | 'peaks';
export type Harmonise = NonNullable<AnnotationRequestInput['harmonise']>;
export type Engine = NonNullable<AnnotationRequestInput['engine']>;

const nothingTyped: Readonly<Record<Role, string>> = { reference: '', query: '', peaks: '' };

/** The annotation a person is putting together. It survives a reload; nothing is sent before "Start". */
export class Draft {
  studies = $state.raw<Readonly<Record<Role, readonly StudyDraft[]>>>({ reference: [], query: [], peaks: [] });
  /** Paths that were typed and not added yet. */
  typed = $state.raw<Readonly<Record<Role, string>>>(nothingTyped);
  label = $state('');
  truth = $state('');
  scenario = $state<'auto' | Scenario>('auto');
  /** How two studies of open chromatin come to the same features, and a chain file between their genomes. */
  harmonise = $state<Harmonise>('auto');
  chain = $state('');
  /** A GMT file with the gene sets that a method reads cells through; empty for those that ship. */
  geneSets = $state('');
  method = $state('cellpredx');
  preset = $state('recommended');
  /** Settings a person changed; all others follow the preset. */
  settings = $state.raw<Readonly<Record<string, unknown>>>({});
  /** Titles of settings whose text is no value they can have; their last good value is not what a person means. */
  unusable = $state.raw<readonly string[]>([]);
  /** Whether further settings are tried first. */
  tune = $state(false);
  seed = $state(1234);
  engine = $state<Engine>('auto');
  threshold = $state(0.95);
  /** Steps a person has been at and gone on from. */
  left = $state.raw<readonly string[]>([]);
  projectName = $state('');
  directory = $state('');
  match = $state.raw<MatchReport | null>(null);
  readonly matching = new Task();
  readonly comparison: WatchedQuestion;
  readonly starting = new Task();
  readonly #client: Client;
  #matched = '';
  /** New names of labels by the column they were given in. */
  readonly #given = new SvelteMap<string, LabelNames>();

  /** The labels of the reference that are called otherwise. */
  readonly names = $derived<LabelNames>(
    this.studies.reference
      .flatMap((study) => study.repairs)
      .flatMap((repair) => (repair.kind === 'rename-labels' ? [repair.names] : []))[0] ?? [],
  );
  readonly labelColumns = $derived(commonColumns(this.studies.reference));
  readonly truthColumns = $derived(commonColumns(this.studies.query));
  /** The scenario that will apply: the one chosen, else the one the files suggest once they were compared. */
  readonly likelyScenario = $derived(
    this.scenario === 'auto' ? (this.match?.suggestion.scenario ?? 'auto') : this.scenario,
  );
  readonly ready = $derived({
    reference: this.studies.reference.length > 0 && this.studies.reference.every((study) => study.ready),
    query:
      [...this.studies.query, ...this.studies.peaks].every((study) => study.ready) && this.studies.query.length > 0,
    match: this.label !== '' && this.match !== null && this.match.verdict !== 'impossible' && !this.matching.busy,
  });

  /** What is asked about the fit of the two sides; null as long as it cannot be asked. */
  readonly question = $derived.by(() => {
    if (!this.ready.reference || !this.ready.query || this.label === '') return null;
    return {
      reference: this.studies.reference.map((study) => study.choice),
      query: this.studies.query.map((study) => study.choice),
      label: this.label,
      scenario: this.scenario,
      harmonise: this.harmonise,
      ...(this.chain === '' ? {} : { chain: this.chain }),
    };
  });

  constructor(client: Client) {
    this.#client = client;
    this.comparison = new WatchedQuestion(client);
    const kept = recallDraft();
    if (kept !== null) this.#restore(kept);
  }

  async add(role: Role, path: string): Promise<void> {
    if (path === '' || this.studies[role].some((study) => study.path === path)) return;
    const study = new StudyDraft(this.#client, { path });
    if (role === 'reference') study.rename(this.names);
    this.#place(role, role === 'peaks' ? [study] : [...this.studies[role], study]);
    await study.inspect();
    if (role === 'peaks' && study.looking.error?.code === 'reading.bed') await this.#countInPeaks(study);
    this.#settle();
  }

  /** A list of peaks beside fragments is no study of its own: the fragments of the query are counted in it. */
  async #countInPeaks(list: StudyDraft): Promise<void> {
    const { query } = this.studies;
    if (query.length === 0 || !query.every(({ report }) => report?.format === 'fragments')) return;
    this.#place(
      'peaks',
      this.studies.peaks.filter((study) => study !== list),
    );
    await Promise.all(query.map((study) => study.count({ peaks: list.path })));
  }

  remove(role: Role, study: StudyDraft): void {
    this.#place(
      role,
      this.studies[role].filter((other) => other !== study),
    );
    this.#settle();
  }

  /** Looks at every file that has not been looked at, as after a reload. */
  async inspectAll(): Promise<void> {
    const unseen = Object.values(this.studies)
      .flat()
      .filter((study) => study.report === null && !study.looking.busy);
    await Promise.all(unseen.map((study) => study.inspect()));
    this.#settle();
  }

  /** How the two sides fit; asked again only when something it depends on has changed. */
  async checkMatch(): Promise<void> {
    const question = this.question;
    if (question === null) return;
    const asked = JSON.stringify(question);
    if (asked === this.#matched && (this.match !== null || this.matching.busy)) return;
    this.#matched = asked;
    this.match = null;
    const report = await this.matching.run(() =>
      this.comparison.ask((name) => this.#client.request('match:check', { ...question, question: name })),
    );
    if (report !== null) this.match = report;
  }

  set(name: string, value: unknown): void {
    this.settings = { ...this.settings, [name]: value };
    this.keep();
  }

  /** Remembers that a person was at a step; nothing comes after the last one. */
  leave(step: string): void {
    if (step === 'review' || this.left.includes(step)) return;
    this.left = [...this.left, step];
    this.keep();
  }

  /** Says whether the text typed for a setting can be used. */
  judge(title: string, usable: boolean): void {
    const others = this.unusable.filter((other) => other !== title);
    this.unusable = usable ? others : [...others, title];
  }

  /** Calls a label of the reference otherwise; by its own name again where that is given. */
  rename(from: string, to: string): void {
    const others = this.names.filter((name) => name.from !== from);
    this.#renameAll(to === '' || to === from ? others : [...others, { from, to }]);
  }

  /** Takes another column of the reference for its labels; names that were given belong to the column before. */
  useLabel(column: string): void {
    const given = this.names;
    this.#given.set(this.label, given);
    this.label = column;
    this.#renameAll(this.#given.get(column) ?? []);
  }

  undoNames(): void {
    this.#renameAll([]);
  }

  #renameAll(names: LabelNames): void {
    for (const study of this.studies.reference) study.rename(names);
    this.keep();
  }

  /** Takes over a path as far as it is typed. */
  type(role: Role, path: string): void {
    this.typed = { ...this.typed, [role]: path };
    this.keep();
  }

  /** Lets a setting follow the preset again. */
  unset(name: string): void {
    this.settings = Object.fromEntries(Object.entries(this.settings).filter(([other]) => other !== name));
    this.keep();
  }

  /** Everything that determines the run. */
  request(): AnnotationRequestInput {
    const [peaks] = this.studies.peaks;
    return {
      reference: this.studies.reference.map((study) => study.choice),
      query: this.studies.query.map((study) => study.choice),
      ...(peaks ? { queryPeaks: peaks.choice } : {}),
      label: this.label,
      ...(this.truth === '' ? {} : { truth: this.truth }),
      scenario: this.scenario,
      harmonise: this.harmonise,
      ...(this.chain === '' ? {} : { chain: this.chain }),
      ...(this.geneSets === '' ? {} : { geneSets: this.geneSets }),
      method: this.method,
      preset: this.preset,
      settings: { ...this.settings },
      ...(this.tune ? { tune: true } : {}),
      seed: this.seed,
      engine: this.engine,
      threshold: this.threshold,
    };
  }

  /** Fills the draft with a request, e.g. that of the sample study. */
  fill(request: AnnotationRequestInput, projectName: string): void {
    this.#restore({ request, projectName, directory: this.directory });
    this.keep();
  }

  /** Makes the project and starts the run; null if something is wrong, which `starting` then says. */
  async start(): Promise<{ path: string; runId: string } | null> {
    const started = await this.starting.run(async () => {
      const project = await this.#client.request('project:create', {
        directory: this.directory,
        name: this.projectName,
      });
      const { runId } = await this.#client.request('run:start', { projectPath: project.path, request: this.request() });
      return { path: project.path, runId };
    });
    if (started !== null) this.clear();
    return started;
  }

  clear(): void {
    this.#restore({ request: { reference: [], query: [], label: '' }, projectName: '', directory: this.directory });
    forgetDraft();
  }

  /** Stores the draft so that a reload finds it. */
  keep(): void {
    const { projectName, directory, typed, left } = this;
    keepDraft({ request: this.request(), projectName, directory, typed, left });
  }

  #place(role: Role, studies: readonly StudyDraft[]): void {
    this.studies = { ...this.studies, [role]: studies };
    this.keep();
  }

  /** After files changed: a label column that is gone is unset, an obvious one is proposed. */
  #settle(): void {
    if (this.studies.reference.every((study) => study.report !== null)) {
      const columns = this.labelColumns;
      if (!columns.some((column) => column.name === this.label))
        this.useLabel(columns.find((column) => column.role === 'candidate')?.name ?? '');
    }
    if (this.truth !== '' && this.studies.query.every((study) => study.report !== null))
      if (!this.truthColumns.some((column) => column.name === this.truth)) this.truth = '';
    this.keep();
  }

  #restore({ request, projectName, directory, typed, left }: KeptDraft): void {
    const drafts = (choices: readonly KeptChoice[]): StudyDraft[] =>
      choices.map((choice) => new StudyDraft(this.#client, choice));
    this.studies = {
      reference: drafts(request.reference),
      query: drafts(request.query),
      peaks: drafts(request.queryPeaks ? [request.queryPeaks] : []),
    };
    this.label = request.label;
    this.truth = request.truth ?? '';
    this.scenario = request.scenario ?? 'auto';
    this.harmonise = request.harmonise ?? 'auto';
    this.chain = request.chain ?? '';
    this.geneSets = request.geneSets ?? '';
    this.method = request.method ?? 'cellpredx';
    this.preset = request.preset ?? 'recommended';
    this.settings = request.settings ?? {};
    this.tune = request.tune ?? false;
    this.seed = request.seed ?? 1234;
    this.engine = request.engine ?? 'auto';
    this.threshold = request.threshold ?? 0.95;
    this.projectName = projectName;
    this.directory = directory;
    this.typed = { ...nothingTyped, ...typed };
    this.left = left ?? [];
    this.#given.clear();
    this.match = null;
    this.#matched = '';
    this.starting.reset();
    this.matching.reset();
  }
}

/** Columns that every study of one side has; the first study's counts are shown. */
function commonColumns(studies: readonly StudyDraft[]): NonNullable<StudyDraft['report']>['labelColumns'] {
  const [first, ...others] = studies.map((study) => study.report);
  return (first?.labelColumns ?? []).filter((column) =>
    others.every((report) => report === null || report!.labelColumns.some((other) => other.name === column.name)),
  );
}
