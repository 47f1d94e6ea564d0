import { z } from 'zod';
import type { ChromatinMatch } from '#core/chromatin/harmonise-plan';
import { harmoniseWays } from '#core/data/harmonise-way';
import { scenarios } from '#core/data/scenario';
import type { FigureData } from '#core/figures/figure-data';
import type { DeterminantFeature } from '#core/interpret/determinant-feature';
import type { GeneSetFit } from '#core/prepare/gene-set-fit';
import type { MatchReport } from '#core/prepare/match-report';
import type { ScenarioSuggestion } from '#core/prepare/suggest-scenario';
import type { EngineReport } from '#engine/engine-report';
import type { PreflightReport } from '#formats/inspect/preflight-report';
import { AnnotationRequest, engineChoices, StudyChoice } from './annotation-request.ts';
import type { Channel } from './channels.ts';
import type { MethodDescription } from './descriptions.ts';
import type { About, Folder, ProjectGlance, ProjectSummary, RecentProject, SampleStudy } from './files.ts';
import type {
  CellColumns,
  CellColumnValues,
  FeatureMatches,
  FeatureValues,
  HeatmapTile,
  LabelMeans,
  Why,
} from './result-data.ts';
import type { RunEvent } from './run-events.ts';
import type { ExportedRun, LabelPage, LabelRow, QueueLine, RunResult, RunSummary } from './run-result.ts';
import { cleanable, type ProjectStorage } from './storage.ts';

const nothing = z.strictObject({});
const path = z.string().min(1).max(4096);
const runId = z.string().min(1).max(64);
const questionName = z.string().min(1).max(64);
const ofRun = z.strictObject({ projectPath: path, runId });

/** Window → services: what each channel takes. Main parses it; keys that are not named are refused. */
export const requests = {
  'system:about': nothing,

  /** Opens the system's dialog (desktop only). No path if the person closes it. */
  'files:choose': z.strictObject({
    purpose: z.enum([
      'study-files',
      'study-folder',
      'labels-file',
      'genome-file',
      'project-file',
      'project',
      'directory',
    ]),
  }),
  /** A folder as the services see it (browser front); null lists the folders that may be entered. */
  'files:browse': z.strictObject({ path: path.nullable() }),
  /**
   * A file that was dropped on a page in a browser and will be sent (browser front): its name, its size, and a word that
   * all files of one drop share, drawn at random.
   */
  'files:announce': z.strictObject({
    name: z.string().min(1).max(1000),
    sizeBytes: z.int().min(0),
    together: z.string().regex(/^[a-z0-9]{16,40}$/),
  }),
  /** The study that ships with the application. */
  'sample:paths': nothing,

  /** What a file holds, what is wrong with it, and the repairs. */
  'study:inspect': z.strictObject({ choice: StudyChoice }),
  /** How reference and query fit each other. */
  'match:check': z.strictObject({
    reference: z.array(StudyChoice).min(1),
    query: z.array(StudyChoice).min(1),
    label: z.string().min(1),
    scenario: z.enum(['auto', ...scenarios]).default('auto'),
    harmonise: z.enum(['auto', ...harmoniseWays]).default('auto'),
    chain: path.optional(),
    /** A name that the window gives this question, to ask how far it is and to take it back. */
    question: questionName.optional(),
  }),
  /** How far the answer to a question is; null once it was given, and for a question nobody asked. */
  'match:progress': z.strictObject({ question: questionName }),
  /** Takes a question back: it is answered with `request.taken-back`. False if it was answered already. */
  'match:stop': z.strictObject({ question: questionName }),

  /** How the gene sets of a GMT file (without one: those that ship for the species) fit two studies. */
  'gene-sets:check': z.strictObject({
    path: path.optional(),
    reference: z.array(StudyChoice).min(1),
    query: z.array(StudyChoice).min(1),
  }),
  'methods:list': nothing,
  'engines:list': nothing,
  /** Tries one engine again, in a throw-away process. */
  'engines:test': z.strictObject({ name: z.enum(engineChoices).exclude(['auto']) }),

  /** What the projects opened last take on the disk. */
  'storage:list': nothing,
  /** Removes checkpoints, copies for the explorers or columns of cells of runs that have ended. Results stay. */
  'storage:clean': z.strictObject({ projectPath: path, what: z.enum(cleanable), runIds: z.array(runId).min(1) }),

  /** Whether the application tells the end of a run by a notification; null where it leaves that to the page. */
  'notices:get': nothing,
  'notices:set': z.strictObject({ on: z.boolean() }),

  /** Makes `directory/name.cpx`. */
  'project:create': z.strictObject({ directory: path, name: z.string().trim().min(1).max(120) }),
  'project:open': z.strictObject({ path }),
  'project:recent': nothing,
  /** State and a small picture of a project, for the list of projects. */
  'project:glance': z.strictObject({ path }),
  /** Unpacks a project that was exported as a zip into `directory`, under the name of the zip. */
  'project:import': z.strictObject({ archive: path, directory: path }),
  /** Writes the whole project into one zip in a folder, beside whatever is there. */
  'project:export': z.strictObject({ path, directory: path }),

  /** How long a run of such studies would take here, and how much memory, as far as that is known. */
  'run:expect': z.strictObject({
    method: z.string().min(1),
    engine: z.enum(engineChoices).default('auto'),
    /** Cells of both sides together, and the features that both have. */
    cells: z.int().min(1),
    features: z.int().min(1),
    /** Training steps, and cells of a side in each, where the method has such settings. */
    steps: z.int().min(1).optional(),
    batch: z.int().min(1).optional(),
  }),
  /** Queues a run and answers at once; what happens next arrives as `RunEvent`s. */
  'run:start': z.strictObject({ projectPath: path, request: AnnotationRequest }),
  /** Asks a run to stop. False if it had already ended. */
  'run:cancel': z.strictObject({ runId }),
  /** Asks a run to stop after its step, with a checkpoint. False if it had already ended. */
  'run:pause': z.strictObject({ runId }),
  /** Runs that compute or wait, of all open projects, in their order. */
  'run:queue': nothing,
  /** Goes on from the last checkpoint of a cancelled, failed or interrupted run. */
  'run:resume': ofRun,
  /** What a run was asked to do. */
  'run:request': ofRun,
  'run:list': z.strictObject({ projectPath: path }),
  /** The events of a run with `seq` above `after`, oldest first: all of them with −1. */
  'run:history': z.strictObject({ runId, after: z.int().min(-1).default(-1) }),
  'run:result': ofRun,
  'run:figures': ofRun,
  /** Rows `offset … offset + limit − 1` of the table of query cells. */
  'run:labels': z.strictObject({
    projectPath: path,
    runId,
    offset: z.int().min(0),
    limit: z.int().min(1).max(1000),
    /** Only cells shown under this label (`Unknown` included). */
    label: z.string().optional(),
    sort: z.enum(['file', 'confidence-falling', 'confidence-rising', 'label']).default('file'),
    /** Shows cells as Unknown under this confidence instead of the run's own threshold. */
    threshold: z.number().min(0).max(1).optional(),
  }),
  /** Rows of named query cells, in the order named. */
  'run:cells': z.strictObject({
    projectPath: path,
    runId,
    cells: z.array(z.int().min(0)).min(1).max(1000),
    threshold: z.number().min(0).max(1).optional(),
  }),
  /** Features of the query whose name holds a text, whatever its letters' case: those that begin with it first. */
  'run:features': z.strictObject({
    projectPath: path,
    runId,
    text: z.string().max(200),
    limit: z.int().min(1).max(200).default(30),
  }),
  /** One feature in all query cells. */
  'run:feature-values': z.strictObject({ projectPath: path, runId, feature: z.string().min(1).max(500) }),
  /** The columns that the studies came with and that the run kept. */
  'run:columns': ofRun,
  /** One of these columns, in the cells of both studies. */
  'run:column-values': z.strictObject({ projectPath: path, runId, column: z.string().max(65_535) }), // HDF5 allows no longer names
  /** The determinant features of every label. */
  'run:markers': ofRun,
  /** A part of the heatmap of features × query cells, aggregated to columns of 2^level cells. */
  'run:heatmap': z.strictObject({
    projectPath: path,
    runId,
    features: z.array(z.string().min(1).max(500)).min(1).max(64),
    level: z.int().min(0).max(30),
    /** Number of the tile along the cells: columns 512·tile … 512·tile + 511. */
    tile: z.int().min(0),
    /** Numbers of labels in the order in which their cells stand along the heatmap, each label once; left out, that of the labels. */
    labels: z.array(z.int().min(0)).max(65_536).optional(),
  }),
  /** The mean z-scores of some features in the query cells of each most probable label. */
  'run:label-means': z.strictObject({
    projectPath: path,
    runId,
    features: z.array(z.string().min(1).max(500)).min(1).max(64),
  }),
  /** What speaks for and against the label of some query cells. */
  'run:why': z.strictObject({
    projectPath: path,
    runId,
    /** Places of the cells, each once. Of a larger selection the window sends a sample and says so. */
    cells: z.array(z.int().min(0)).min(1).max(5000),
  }),
  /** Writes the files of a run into a folder; it is made if it does not exist. */
  'run:export': z.strictObject({
    projectPath: path,
    runId,
    directory: path,
    /** Writes cells as Unknown under this confidence instead of the run's own threshold. */
    threshold: z.number().min(0).max(1).optional(),
  }),
} as const satisfies Record<Channel, z.ZodType>;

/** Services → window: what each channel gives back. */
export interface Results {
  'system:about': About;
  'files:choose': readonly string[];
  'files:browse': Folder;
  'files:announce': { readonly ticket: string };
  'sample:paths': SampleStudy;
  'study:inspect': PreflightReport;
  'match:check': MatchReport & {
    /** The scenario that the files suggest. */
    readonly suggestion: ScenarioSuggestion;
    /** What will be done with fragments and peaks; null where both sides are genes. */
    readonly chromatin: ChromatinMatch | null;
  };
  'match:progress': WorkProgress | null;
  'match:stop': boolean;
  'gene-sets:check': GeneSetFit;
  'methods:list': readonly MethodDescription[];
  'engines:list': readonly EngineReport[];
  'engines:test': EngineReport;
  'storage:list': readonly ProjectStorage[];
  /** Bytes freed. */
  'storage:clean': number;
  'notices:get': { readonly on: boolean | null };
  'notices:set': { readonly on: boolean | null };
  'project:create': ProjectSummary;
  'project:open': ProjectSummary;
  'project:recent': readonly RecentProject[];
  'project:glance': ProjectGlance;
  'project:import': ProjectSummary;
  'project:export': { readonly archive: string; readonly sizeBytes: number };
  'run:expect': {
    /** What will compute, with its threads; null where nothing can. */
    readonly engine: string | null;
    /** Milliseconds from … to; null where nothing is known. */
    readonly time: readonly [number, number] | null;
    /** Bytes from … to; null where nothing is known. */
    readonly memory: readonly [number, number] | null;
    /** What it is told by: a run of the method that has finished here, or a trial of the engine. */
    readonly by: 'run' | 'trial' | null;
  };
  'run:start': { readonly runId: string };
  'run:cancel': boolean;
  'run:pause': boolean;
  'run:queue': readonly QueueLine[];
  'run:resume': { readonly runId: string };
  'run:request': AnnotationRequest;
  'run:list': readonly RunSummary[];
  'run:history': readonly RunEvent[];
  'run:result': RunResult;
  'run:figures': readonly FigureData[];
  'run:labels': LabelPage;
  'run:cells': readonly LabelRow[];
  'run:features': FeatureMatches;
  'run:feature-values': FeatureValues;
  'run:columns': CellColumns;
  'run:column-values': CellColumnValues;
  'run:markers': readonly DeterminantFeature[];
  'run:heatmap': HeatmapTile;
  'run:label-means': LabelMeans;
  'run:why': Why;
  'run:export': ExportedRun;
}

/** How far a piece of work is: the fraction done, 0 … 1, and what is being done. */
export interface WorkProgress {
  readonly fraction: number;
  readonly text: string;
}

type Requests = typeof requests;
/** What the window passes: fields with a default may be left out. */
export type Args<C extends Channel> = z.input<Requests[C]>;
/** What a handler receives after parsing. */
export type ParsedArgs<C extends Channel> = z.output<Requests[C]>;
export type Result<C extends Channel> = Results[C];

/** What main must provide: a missing or misspelt handler does not compile. */
export type Handlers = { readonly [C in Channel]: (args: ParsedArgs<C>) => Promise<Result<C>> };
