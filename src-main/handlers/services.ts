import type { AnnotationRequest, StudyChoice } from '#contract/annotation-request';
import type { MethodDescription } from '#contract/descriptions';
import type { About, ProjectGlance, ProjectSummary, RecentProject, SampleStudy } from '#contract/files';
import type { ParsedArgs, Result, WorkProgress } from '#contract/requests';
import type { RunEvent } from '#contract/run-events';
import type {
  CellColumns,
  CellColumnValues,
  FeatureMatches,
  FeatureValues,
  HeatmapTile,
  LabelMeans,
  Why,
} from '#contract/result-data';
import type { ExportedRun, LabelPage, LabelRow, QueueLine, RunResult, RunSummary } from '#contract/run-result';
import type { Cleanable, ProjectStorage } from '#contract/storage';
import type { FigureData } from '#core/figures/figure-data';
import type { DeterminantFeature } from '#core/interpret/determinant-feature';
import type { EngineName, EngineReport } from '#engine/engine-report';
import type { PreflightReport } from '#formats/inspect/preflight-report';
import type { Arrivals } from './arrivals.ts';
import type { PathGuard } from './path-guard.ts';

/** All that the handlers call. The fronts differ in `about`, `paths` and `dialogs` only. */
export interface Services {
  readonly about: About;
  readonly paths: PathGuard;
  /** The system's file dialog, where there is one. */
  readonly dialogs: Dialogs | null;
  /** Takes files that are dropped on the page, where the window cannot tell where they lie. */
  readonly arrivals: Arrivals | null;
  /** Who tells the end of a run, where the application does that itself. */
  readonly notices: NoticeChoice | null;
  readonly sample: SampleStudy;
  readonly studies: StudyService;
  readonly methods: MethodService;
  readonly projects: ProjectService;
  readonly runs: RunService;
  readonly results: ResultService;
  readonly storage: StorageService;
}

/** Whether a notification of the system tells the end of a run; kept for the next start. */
export interface NoticeChoice {
  get(): boolean;
  set(on: boolean): void;
}

export interface Dialogs {
  /** Paths a person chose; none if the dialog was closed. */
  choose(purpose: ParsedArgs<'files:choose'>['purpose']): Promise<readonly string[]>;
}

/** Looks into files, in a process of its own. */
export interface StudyService {
  inspect(choice: StudyChoice): Promise<PreflightReport>;
  /** Throws `request.taken-back` if the question was taken back meanwhile. */
  match(question: MatchQuestion): Promise<Result<'match:check'>>;
  /** How far the answer to the question of this name is; null where there is none under way. */
  matchProgress(name: string): WorkProgress | null;
  /** Takes the question of this name back; false if there is none under way. */
  stopMatch(name: string): boolean;
  /** How gene sets fit two studies. */
  geneSets(question: GeneSetQuestion): Promise<Result<'gene-sets:check'>>;
  engines(): Promise<readonly EngineReport[]>;
  /** Tries one engine again; `engines` gives the new report from then on. */
  testEngine(name: EngineName): Promise<EngineReport>;
}

export type MatchQuestion = ParsedArgs<'match:check'>;
export type GeneSetQuestion = ParsedArgs<'gene-sets:check'>;

export interface MethodService {
  list(): Promise<readonly MethodDescription[]>;
  /** Throws `request.*` if the method, its preset or one of its settings is not as it should be. */
  check(request: AnnotationRequest): Promise<void>;
}

export interface ProjectService {
  create(directory: string, name: string): Promise<ProjectSummary>;
  open(path: string): Promise<ProjectSummary>;
  recent(): Promise<readonly RecentProject[]>;
  glance(path: string): Promise<ProjectGlance>;
  /** Unpacks an exported project and opens it. Throws `project.damaged-archive`, `project.already-exists`, … */
  import(archive: string, directory: string): Promise<ProjectSummary>;
  /** Writes the project into a zip of a name that is free in the folder. Throws `project.disk-full`, `project.damaged-array`, … */
  export(path: string, directory: string): Promise<Result<'project:export'>>;
}

/** What the explorers of a finished run ask for. */
export interface ResultService {
  features(question: ParsedArgs<'run:features'>): Promise<FeatureMatches>;
  /** Throws `request.no-feature-values`, `request.no-such-feature`. */
  featureValues(question: ParsedArgs<'run:feature-values'>): Promise<FeatureValues>;
  columns(projectPath: string, runId: string): Promise<CellColumns>;
  /** Throws `request.no-such-column`. */
  columnValues(question: ParsedArgs<'run:column-values'>): Promise<CellColumnValues>;
  markers(projectPath: string, runId: string): Promise<readonly DeterminantFeature[]>;
  /** Throws `request.no-feature-values`, `request.no-such-feature`. */
  heatmap(question: ParsedArgs<'run:heatmap'>): Promise<HeatmapTile>;
  /** Throws `request.no-feature-values`, `request.no-such-feature`. */
  labelMeans(question: ParsedArgs<'run:label-means'>): Promise<LabelMeans>;
  why(question: ParsedArgs<'run:why'>): Promise<Why>;
}

export interface RunService {
  expect(question: ParsedArgs<'run:expect'>): Promise<Result<'run:expect'>>;
  start(projectPath: string, request: AnnotationRequest): Promise<{ runId: string }>;
  cancel(runId: string): Promise<boolean>;
  /** Stops a run after its step, with a checkpoint of it. False if it had already ended. */
  pause(runId: string): Promise<boolean>;
  /** Runs of all open projects that compute or wait, in their order. */
  queue(): Promise<readonly QueueLine[]>;
  resume(projectPath: string, runId: string): Promise<{ runId: string }>;
  /** What the run was asked to do. */
  request(projectPath: string, runId: string): Promise<AnnotationRequest>;
  list(projectPath: string): Promise<readonly RunSummary[]>;
  history(runId: string, after: number): Promise<readonly RunEvent[]>;
  result(projectPath: string, runId: string): Promise<RunResult>;
  figures(projectPath: string, runId: string): Promise<readonly FigureData[]>;
  labels(page: ParsedArgs<'run:labels'>): Promise<LabelPage>;
  /** Throws `request.no-such-cell`. */
  cells(question: ParsedArgs<'run:cells'>): Promise<readonly LabelRow[]>;
  export(projectPath: string, runId: string, directory: string, threshold?: number): Promise<ExportedRun>;
  /** Listens to the events of all runs; the function it gives back stops listening. */
  subscribe(listener: (event: RunEvent) => void): () => void;
}

/** What projects take on the disk. */
export interface StorageService {
  /** Of the projects opened last, those that are there. */
  list(): Promise<readonly ProjectStorage[]>;
  /** Bytes freed. Throws `project.run-going-on`. */
  clean(projectPath: string, what: Cleanable, runIds: readonly string[]): Promise<number>;
}
