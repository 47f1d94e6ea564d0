import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AppError } from '#core/base/app-error';
import { ArrayFolder, type FileSystem } from './array-folder.ts';
import { checkDatabase, checkFolder, createDatabase, databaseName, openDatabase } from './database.ts';
import { currentVersion, versionOf } from './migrate.ts';
import { withProjectErrors } from './project-errors.ts';
import { addProject } from './queries/project.ts';
import { ReadableProject } from './readable-project.ts';
import type {
  ProjectInfo,
  RunArrayRow,
  RunRow,
  RunStorage,
  StageTime,
  StepMetrics,
  StoredError,
  StudyInput,
} from './rows.ts';
import type { StagedArray } from './array-folder.ts';
import type { ArrayValues, StoredArray, StoredArrays, StreamedArray } from './stored-array.ts';
import { placeFolder } from './place-folder.ts';
import { WritableProject } from './writable-project.ts';

/**
 * Makes an empty project in a folder that does not exist yet or is empty, and opens it. It is made beside its place and
 * moved there when it is whole, so that a kill leaves no half project.
 * Throws `project.already-exists`, `project.read-only`, `project.disk-full`.
 */
export function createProject(path: string, { name = nameFrom(path) }: { name?: string } = {}): ProjectWriter {
  const folder = resolve(path);
  placeFolder(folder, (draft) => {
    mkdirSync(join(draft, 'arrays'));
    const db = createDatabase(join(draft, databaseName));
    addProject(db, { id: randomUUID(), name, createdAt: Date.now() });
    db.close();
  });
  return openProject(folder);
}

/**
 * Opens a project for writing, leads an older version to the current one and removes what interrupted writes left.
 * Throws `project.no-such-folder`, `project.not-a-project`, `project.newer-version`, `project.damaged-database`,
 * `project.read-only`.
 * @param fs only tests give one
 */
export function openProject(path: string, fs?: FileSystem): ProjectWriter {
  const folder = resolve(path);
  const db = openDatabase(folder);
  const project = new WritableProject(folder, db, new ArrayFolder(folder, fs));
  try {
    withProjectErrors(folder, () => mkdirSync(join(folder, 'arrays'), { recursive: true }));
    project.tidy();
    return project;
  } catch (error) {
    project.close();
    throw error;
  }
}

/**
 * Opens a project for looking only, also on a medium that cannot be written to. An older version, and a database that
 * needs a writable folder, is read from a copy that is removed by `close`. Throws as `openProject` does.
 */
export function openProjectReadOnly(path: string): ProjectReader {
  const folder = resolve(path);
  checkFolder(folder);
  const direct = openWithoutWriting(folder);
  if (direct !== null) return new ReadableProject(folder, direct, new ArrayFolder(folder));
  const copy = mkdtempSync(join(tmpdir(), 'cellpredx-'));
  const removeCopy = (): void => rmSync(copy, { recursive: true, force: true });
  try {
    for (const name of [databaseName, `${databaseName}-wal`])
      if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(copy, name));
    return new ReadableProject(folder, openDatabase(copy), new ArrayFolder(folder), removeCopy);
  } catch (error) {
    removeCopy();
    throw error;
  }
}

/** The database itself, or null where only a copy of it can be read. */
function openWithoutWriting(folder: string): Sqlite.Database | null {
  let db: Sqlite.Database | undefined;
  try {
    db = new Sqlite(join(folder, databaseName), { readonly: true, fileMustExist: true });
    const opened = db;
    withProjectErrors(folder, () => checkDatabase(opened, folder));
    if (versionOf(db) === currentVersion) return db;
  } catch (error) {
    const cannotBeOpened =
      (error instanceof Sqlite.SqliteError && /^SQLITE_(CANTOPEN|READONLY)/.test(error.code)) ||
      (error instanceof AppError && error.code === 'project.read-only');
    if (!cannotBeOpened) {
      db?.close();
      throw error;
    }
  }
  db?.close();
  return null;
}

function nameFrom(path: string): string {
  return basename(resolve(path)).replace(/\.cpx$/i, '');
}

/** What can be asked of a project, whether or not it may be written to. */
export interface ProjectReader {
  /** The project's folder. */
  readonly path: string;
  info(): ProjectInfo;
  /** A JSON value kept under a key (state of a screen, a choice); undefined where there is none. */
  note(key: string): unknown;
  /** All runs, latest first. */
  runs(): RunRow[];
  /** Throws `project.no-such-run`. */
  run(runId: string): RunRow;
  /** Loss terms step by step, in order; `afterStep` leaves out what is known already. */
  runSteps(runId: string, afterStep?: number): StepMetrics[];
  runStages(runId: string): StageTime[];
  runInputs(runId: string): StudyInput[];
  /** Arrays of a finished run, by name in code-point order. */
  runArrays(runId: string): RunArrayRow[];
  /** One array, checked against its checksum. Throws `project.damaged-array`, `project.no-such-part`. */
  readRunArray(runId: string, name: string): Promise<StoredArray>;
  /** Values from … to−1 (counted over all dimensions) without reading the rest; the checksum is not looked at. */
  readRunArrayPart(runId: string, name: string, from: number, to: number): Promise<ArrayValues>;
  /** Names of the documents of a finished run. */
  runDocuments(runId: string): string[];
  /** A JSON value: `summary`, `markers`, `figures`, … Throws `project.no-such-part`. */
  runDocument(runId: string, name: string): unknown;
  /** What the array files of each run take, latest run first. */
  storage(): RunStorage[];
  /** The last checkpoint of a run that reads without damage, its arrays in the order in which they were given; null where there is none, so that the run starts from the beginning. */
  loadCheckpoint(runId: string): Promise<StoredArrays | null>;
  /** Reads every array file against its checksum and gives one error per damaged or missing one. */
  verifyArrays(): Promise<Error[]>;
  close(): void;
}

/**
 * A project that can be changed. Several processes may hold one at once: each call is one transaction.
 * `attempt` is what `beginAttempt` gave; a call with an attempt that is no longer the run's throws `AttemptOver`,
 * so that a process that was given up cannot write into a run that goes on elsewhere.
 */
export interface ProjectWriter extends ProjectReader {
  rename(name: string): void;
  setNote(key: string, value: unknown): void;
  /** A run that waits; gives back its id. */
  addRun(run: { request: unknown; seed: number }): string;
  /** Puts an ended run back to `queued`, keeping its checkpoint. Throws `project.run-not-resumable`. */
  requeueRun(runId: string): void;
  deleteRun(runId: string): void;
  /** `queued` → `running`; gives back the number of this attempt. */
  beginAttempt(runId: string): number;
  setEngine(runId: string, attempt: number, engine: string): void;
  setResultKey(runId: string, attempt: number, key: string, inputs: readonly StudyInput[]): void;
  addSteps(runId: string, attempt: number, steps: readonly StepMetrics[]): void;
  /** Keeps the arrays as the run's last checkpoint and all but the last two out. On disk when it returns. */
  saveCheckpoint(runId: string, attempt: number, checkpoint: StoredArrays): void;
  /** Forgets the loss terms after the step the run goes on from. */
  forgetStepsAfter(runId: string, attempt: number, step: number): void;
  /**
   * Puts arrays on disk that are too large for memory, for `finishRun`. When one cannot be written none is left behind. Those
   * for which `finishRun` is never called are removed by the next opening of the project after this process has ended.
   */
  stageArrays(arrays: Readonly<Record<string, StreamedArray>>): Promise<StagedArrays>;
  /** `running` → `finished` with all that the run left, in one transaction; its checkpoints are dropped. */
  finishRun(runId: string, attempt: number, result: RunResult): void;
  /** `running` → `finished` with the result of another run of the same result key; false where none has all of it. */
  finishFromEqualRun(runId: string, attempt: number, key: string): boolean;
  /** A queued or running run ends otherwise; does nothing and gives back false where it had ended already. */
  endRun(runId: string, ending: RunEnding): boolean;
  /** Removes the checkpoints of a run and gives back the bytes freed. Throws `project.run-going-on` unless it has ended. */
  freeCheckpoints(runId: string): number;
  /**
   * Removes a run's copies for the explorers and gives back the bytes freed; the explorers then say why they have nothing.
   * Throws `project.run-going-on` unless it has ended.
   */
  freeExplorers(runId: string, why: string): number;
  /** The same for the studies' own columns of cells that a run kept. */
  freeColumns(runId: string, why: string): number;
  /** The hash kept for a file, if its size and time of change are still the same. */
  knownHash(path: string, sizeBytes: number, modifiedAt: number): string | undefined;
  keepHash(input: Omit<StudyInput, 'role'>): void;
}

/** What a finished run leaves. */
export interface RunResult {
  /** JSON values by name. */
  readonly documents: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, StoredArray>>;
  /** Further arrays that lie on disk already. */
  readonly staged?: StagedArrays;
  readonly stages: readonly StageTime[];
}

/** Arrays by name that were written under temporary names. */
export type StagedArrays = readonly (readonly [name: string, array: StagedArray])[];

export type RunEnding =
  | { readonly status: 'cancelled' | 'interrupted' }
  | { readonly status: 'failed'; readonly error: StoredError; readonly log: string };
