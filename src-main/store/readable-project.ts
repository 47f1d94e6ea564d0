import type { Database } from 'better-sqlite3';
import { AppError } from '#core/base/app-error';
import type { ArrayFolder } from './array-folder.ts';
import { versionOf } from './migrate.ts';
import type { ProjectReader } from './project.ts';
import { withProjectErrors } from './project-errors.ts';
import { namedArrayFiles } from './queries/array-file.ts';
import { arraysOfCheckpoint } from './queries/checkpoint-array.ts';
import { checkpointsOfRun } from './queries/checkpoint.ts';
import { noteJson } from './queries/note.ts';
import { theProject } from './queries/project.ts';
import { arraysOfRun } from './queries/run-array.ts';
import { documentJson, documentNames } from './queries/run-document.ts';
import { inputsOfRun } from './queries/run-input.ts';
import { stagesOfRun } from './queries/run-stage.ts';
import { storageOfRuns } from './queries/storage.ts';
import { stepsOfRun } from './queries/run-step.ts';
import { allRuns, runById } from './queries/run.ts';
import type { ProjectInfo, RunArrayRow, RunRow, RunStorage, StageTime, StepMetrics, StudyInput } from './rows.ts';
import type { ArrayValues, StoredArray, StoredArrays } from './stored-array.ts';

/** The questions of `ProjectReader`, answered from an open database and a folder of arrays. */
export class ReadableProject implements ProjectReader {
  readonly path: string;
  protected readonly db: Database;
  protected readonly arrays: ArrayFolder;
  readonly #onClose: () => void;

  /** @param onClose what else is to be tidied up once the database is closed */
  constructor(path: string, db: Database, arrays: ArrayFolder, onClose: () => void = () => undefined) {
    this.path = path;
    this.db = db;
    this.arrays = arrays;
    this.#onClose = onClose;
  }

  info(): ProjectInfo {
    const row = this.ask((db) => theProject(db));
    if (row === undefined)
      throw new AppError('project.damaged-database', { path: this.path, detail: 'it says nothing of itself' });
    return { ...row, version: versionOf(this.db) };
  }

  note(key: string): unknown {
    const json = this.ask((db) => noteJson(db, key));
    return json === undefined ? undefined : JSON.parse(json);
  }

  runs(): RunRow[] {
    return this.ask(allRuns);
  }

  run(runId: string): RunRow {
    const run = this.ask((db) => runById(db, runId));
    if (run === undefined) throw new AppError('project.no-such-run', { path: this.path, runId });
    return run;
  }

  runSteps(runId: string, afterStep = 0): StepMetrics[] {
    return this.ask((db) => stepsOfRun(db, runId, afterStep));
  }

  runStages(runId: string): StageTime[] {
    return this.ask((db) => stagesOfRun(db, runId));
  }

  runInputs(runId: string): StudyInput[] {
    return this.ask((db) => inputsOfRun(db, runId));
  }

  runArrays(runId: string): RunArrayRow[] {
    return this.ask((db) => arraysOfRun(db, runId));
  }

  async readRunArray(runId: string, name: string): Promise<StoredArray> {
    return this.arrays.read(this.#arrayOf(runId, name).hash, name);
  }

  async readRunArrayPart(runId: string, name: string, from: number, to: number): Promise<ArrayValues> {
    return this.arrays.readPart(this.#arrayOf(runId, name).hash, name, from, to);
  }

  runDocuments(runId: string): string[] {
    return this.ask((db) => documentNames(db, runId));
  }

  runDocument(runId: string, name: string): unknown {
    const json = this.ask((db) => documentJson(db, runId, name));
    if (json === undefined) throw this.#noSuchPart(runId, name, this.runDocuments(runId));
    return JSON.parse(json);
  }

  storage(): RunStorage[] {
    return this.ask(storageOfRuns);
  }

  async loadCheckpoint(runId: string): Promise<StoredArrays | null> {
    for (const { number, kind, descriptionJson } of this.ask((db) => checkpointsOfRun(db, runId))) {
      try {
        const arrays: Record<string, StoredArray> = {};
        for (const { name, hash } of this.ask((db) => arraysOfCheckpoint(db, number)))
          arrays[name] = await this.arrays.read(hash, name);
        return { kind, description: JSON.parse(descriptionJson) as unknown, arrays };
      } catch (error) {
        // the checkpoint before it does as well: two are kept for this
        if (!(error instanceof AppError) || error.code !== 'project.damaged-array') throw error;
      }
    }
    return null;
  }

  async verifyArrays(): Promise<Error[]> {
    const damaged: Error[] = [];
    for (const { hash, name } of this.ask(namedArrayFiles)) {
      try {
        await this.arrays.read(hash, name);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        damaged.push(error);
      }
    }
    return damaged;
  }

  close(): void {
    this.db.close();
    this.#onClose();
  }

  protected ask<T>(question: (db: Database) => T): T {
    return withProjectErrors(this.path, () => question(this.db));
  }

  #arrayOf(runId: string, name: string): RunArrayRow {
    const arrays = this.runArrays(runId);
    const found = arrays.find((array) => array.name === name);
    if (found !== undefined) return found;
    throw this.#noSuchPart(
      runId,
      name,
      arrays.map((array) => array.name),
    );
  }

  #noSuchPart(runId: string, name: string, known: readonly string[]): AppError {
    const { status } = this.run(runId);
    return new AppError('project.no-such-part', { runId, name, status, known: known.join(', ') || 'none yet' });
  }
}
