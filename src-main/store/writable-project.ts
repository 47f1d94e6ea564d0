import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { AppError } from '#core/base/app-error';
import type { StagedArray } from './array-folder.ts';
import { AttemptOver } from './attempt-over.ts';
import type { ProjectWriter, RunEnding, RunResult, StagedArrays } from './project.ts';
import { withProjectErrors } from './project-errors.ts';
import { addArrayFile, forgetUnnamed, hasArrayFile } from './queries/array-file.ts';
import { addCheckpointArray } from './queries/checkpoint-array.ts';
import { addCheckpoint, dropCheckpoints } from './queries/checkpoint.ts';
import { keepHash, knownHash } from './queries/file-hash.ts';
import { setNoteJson } from './queries/note.ts';
import { renameProject } from './queries/project.ts';
import { addRunArray, copyRunArrays } from './queries/run-array.ts';
import { addDocument, copyDocuments, setDocument } from './queries/run-document.ts';
import { setInputs } from './queries/run-input.ts';
import { addStages } from './queries/run-stage.ts';
import { allArrayBytes, columnPrefix, dropArrays, explorerPrefix } from './queries/storage.ts';
import { addSteps, copySteps, forgetStepsAfter } from './queries/run-step.ts';
import {
  addRun,
  beginAttempt,
  deleteRun,
  endRun,
  finishedRunByKey,
  isRunning,
  requeue,
  setEngine,
  setResultKey,
  setReusedFrom,
} from './queries/run.ts';
import { ReadableProject } from './readable-project.ts';
import type { StepMetrics, StudyInput } from './rows.ts';
import type { StoredArray, StoredArrays, StreamedArray } from './stored-array.ts';

const keptCheckpoints = 2;
const resumable = ['interrupted', 'failed', 'cancelled'];

/** The changes of `ProjectWriter`: each is one transaction, and arrays lie on disk before the row that names them. */
export class WritableProject extends ReadableProject implements ProjectWriter {
  rename(name: string): void {
    this.#write((db) => renameProject(db, name));
  }

  setNote(key: string, value: unknown): void {
    this.#write((db) => setNoteJson(db, key, jsonOf(value)));
  }

  addRun({ request, seed }: { request: unknown; seed: number }): string {
    const id = randomUUID();
    this.#write((db) => addRun(db, { id, requestJson: jsonOf(request), seed, createdAt: Date.now() }));
    return id;
  }

  requeueRun(runId: string): void {
    this.#write((db) => {
      const { status } = this.run(runId);
      if (!resumable.includes(status)) throw new AppError('project.run-not-resumable', { runId, status });
      requeue(db, runId);
    });
  }

  deleteRun(runId: string): void {
    const forgotten = this.#write((db) => {
      if (!deleteRun(db, runId)) throw new AppError('project.no-such-run', { path: this.path, runId });
      return forgetUnnamed(db);
    });
    this.#removeFiles(forgotten);
  }

  beginAttempt(runId: string): number {
    const attempt = this.#write((db) => beginAttempt(db, runId, Date.now()));
    if (attempt === undefined) throw new Error(`beginAttempt: run ${runId} is ${this.run(runId).status}, not queued`);
    return attempt;
  }

  setEngine(runId: string, attempt: number, engine: string): void {
    this.#writeRunning(runId, attempt, (db) => setEngine(db, runId, engine));
  }

  setResultKey(runId: string, attempt: number, key: string, inputs: readonly StudyInput[]): void {
    this.#writeRunning(runId, attempt, (db) => {
      setResultKey(db, runId, key);
      setInputs(db, runId, inputs);
    });
  }

  addSteps(runId: string, attempt: number, steps: readonly StepMetrics[]): void {
    this.#writeRunning(runId, attempt, (db) => addSteps(db, runId, steps));
  }

  forgetStepsAfter(runId: string, attempt: number, step: number): void {
    this.#writeRunning(runId, attempt, (db) => forgetStepsAfter(db, runId, step));
  }

  saveCheckpoint(runId: string, attempt: number, checkpoint: StoredArrays): void {
    const forgotten = this.#withArrays(runId, attempt, checkpoint.arrays, [], (db, staged) => {
      const number = addCheckpoint(db, {
        runId,
        kind: checkpoint.kind,
        descriptionJson: jsonOf(checkpoint.description),
        createdAt: Date.now(),
      });
      staged.forEach(([name, { hash }], position) => addCheckpointArray(db, number, position, name, hash));
      dropCheckpoints(db, runId, keptCheckpoints);
      return forgetUnnamed(db);
    });
    this.#removeFiles(forgotten);
  }

  async stageArrays(arrays: Readonly<Record<string, StreamedArray>>): Promise<StagedArrays> {
    const staged: [string, StagedArray][] = [];
    try {
      for (const [name, array] of Object.entries(arrays)) staged.push([name, await this.arrays.stageStream(array)]);
      return staged;
    } catch (error) {
      this.arrays.discard(staged.map(([, array]) => array));
      throw error;
    }
  }

  finishRun(runId: string, attempt: number, { documents, arrays, staged: before = [], stages }: RunResult): void {
    const forgotten = this.#withArrays(runId, attempt, arrays, before, (db, staged) => {
      for (const [name, { hash }] of staged) addRunArray(db, runId, name, hash);
      for (const [name, value] of Object.entries(documents)) addDocument(db, runId, name, jsonOf(value));
      addStages(db, runId, stages);
      dropCheckpoints(db, runId, 0);
      endRun(db, runId, { status: 'finished', endedAt: Date.now(), error: null, log: '' });
      return forgetUnnamed(db);
    });
    this.#removeFiles(forgotten);
  }

  finishFromEqualRun(runId: string, attempt: number, key: string): boolean {
    return this.#writeRunning(runId, attempt, (db) => {
      const equal = finishedRunByKey(db, key);
      if (equal === undefined) return false;
      forgetStepsAfter(db, runId, 0);
      copySteps(db, equal.id, runId);
      copyRunArrays(db, equal.id, runId);
      copyDocuments(db, equal.id, runId);
      dropCheckpoints(db, runId, 0);
      setReusedFrom(db, runId, equal);
      endRun(db, runId, { status: 'finished', endedAt: Date.now(), error: null, log: '' });
      return true;
    });
  }

  endRun(runId: string, ending: RunEnding): boolean {
    const failure = ending.status === 'failed' ? ending : { error: null, log: '' };
    return this.#write((db) =>
      endRun(db, runId, { status: ending.status, endedAt: Date.now(), error: failure.error, log: failure.log }),
    );
  }

  freeCheckpoints(runId: string): number {
    return this.#free(runId, (db) => dropCheckpoints(db, runId, 0));
  }

  freeExplorers(runId: string, why: string): number {
    return this.#free(runId, (db) => {
      dropArrays(db, runId, explorerPrefix);
      this.#noteMissing(db, runId, 'explorers', why);
    });
  }

  freeColumns(runId: string, why: string): number {
    return this.#free(runId, (db) => {
      dropArrays(db, runId, columnPrefix);
      this.#noteMissing(db, runId, 'cellColumns', why);
    });
  }

  /** A run that had kept something says from now on why it has it no longer; it is not taken for an equal one any more. */
  #noteMissing(db: Database, runId: string, document: 'explorers' | 'cellColumns', why: string): void {
    if (!this.runDocuments(runId).includes(document)) return;
    const note = this.runDocument(runId, document) as object | null;
    if (note !== null) setDocument(db, runId, document, jsonOf({ ...note, missing: why }));
  }

  knownHash(path: string, sizeBytes: number, modifiedAt: number): string | undefined {
    return this.ask((db) => knownHash(db, path, sizeBytes, modifiedAt));
  }

  keepHash(input: Omit<StudyInput, 'role'>): void {
    this.#write((db) => keepHash(db, input));
  }

  /** Removes what interrupted writes left. */
  tidy(): void {
    this.#write((db) => this.arrays.collect((hash) => hasArrayFile(db, hash)));
  }

  /** Lets a run that has ended go of some of its arrays; gives back the bytes that no run names any longer. */
  #free(runId: string, letGo: (db: Database) => void): number {
    const { forgotten, freed } = this.#write((db) => {
      const { status } = this.run(runId);
      if (status === 'queued' || status === 'running') throw new AppError('project.run-going-on', { runId, status });
      const before = allArrayBytes(db);
      letGo(db);
      const forgotten = forgetUnnamed(db);
      return { forgotten, freed: before - allArrayBytes(db) };
    });
    this.#removeFiles(forgotten);
    return freed;
  }

  #write<T>(change: (db: Database) => T): T {
    return withProjectErrors(this.path, () => this.db.transaction(() => change(this.db)).immediate());
  }

  #writeRunning<T>(runId: string, attempt: number, change: (db: Database) => T): T {
    return this.#write((db) => {
      if (!isRunning(db, runId, attempt)) throw new AttemptOver(runId, attempt);
      return change(db);
    });
  }

  /** Puts arrays on disk, then commits their rows together with `change`. */
  #withArrays<T>(
    runId: string,
    attempt: number,
    arrays: Readonly<Record<string, StoredArray>>,
    before: StagedArrays,
    change: (db: Database, staged: readonly (readonly [string, StagedArray])[]) => T,
  ): T {
    const staged: (readonly [string, StagedArray])[] = [...before];
    try {
      for (const [name, array] of Object.entries(arrays)) staged.push([name, this.arrays.stage(array)]);
      return this.#writeRunning(runId, attempt, (db) => {
        this.arrays.publish(staged.map(([, array]) => array));
        for (const [, array] of staged) addArrayFile(db, array);
        return change(db, staged);
      });
    } catch (error) {
      this.arrays.discard(staged.map(([, array]) => array));
      throw error;
    }
  }

  /** After the rows are gone for good: a kill in between leaves a file too many, never one too few. */
  #removeFiles(hashes: readonly string[]): void {
    if (hashes.length === 0) return;
    this.#write((db) => {
      for (const hash of hashes) if (!hasArrayFile(db, hash)) this.arrays.remove(hash);
    });
  }
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value === undefined ? null : value);
}
