import type { Database } from 'better-sqlite3';
import type { RunRow, RunStatus, StoredError } from '../rows.ts';

interface RawRun extends Omit<RunRow, 'request' | 'error'> {
  readonly requestJson: string;
  readonly errorJson: string | null;
}

const columns = `id, request_json AS requestJson, status, seed, engine, created_at AS createdAt, started_at AS startedAt,
  ended_at AS endedAt, attempt, error_json AS errorJson, log, result_key AS resultKey, reused_from AS reusedFrom`;

export function addRun(db: Database, run: { id: string; requestJson: string; seed: number; createdAt: number }): void {
  db.prepare(
    `INSERT INTO run (id, request_json, seed, status, created_at) VALUES (@id, @requestJson, @seed, 'queued', @createdAt)`,
  ).run(run);
}

/** Latest first. */
export function allRuns(db: Database): RunRow[] {
  return db.prepare<[], RawRun>(`SELECT ${columns} FROM run ORDER BY number DESC`).all().map(asRow);
}

export function runById(db: Database, id: string): RunRow | undefined {
  const raw = db.prepare<[string], RawRun>(`SELECT ${columns} FROM run WHERE id = ?`).get(id);
  return raw === undefined ? undefined : asRow(raw);
}

/**
 * The latest finished run with this result key that has all it was stored with. One that let its explorers or its columns of cells
 * go, or had no room for them, is no help to a person who runs it again to have them.
 */
export function finishedRunByKey(db: Database, key: string): RunRow | undefined {
  const raw = db
    .prepare<[string], RawRun>(
      `SELECT ${columns} FROM run WHERE result_key = ? AND status = 'finished' AND NOT EXISTS (
         SELECT 1 FROM run_document
         WHERE run_id = run.id AND name IN ('explorers', 'cellColumns') AND json_extract(json, '$.missing') IS NOT NULL)
       ORDER BY number DESC LIMIT 1`,
    )
    .get(key);
  return raw === undefined ? undefined : asRow(raw);
}

/** Whether this attempt of the run goes on. */
export function isRunning(db: Database, id: string, attempt: number): boolean {
  const found = db.prepare(`SELECT 1 FROM run WHERE id = ? AND attempt = ? AND status = 'running'`).get(id, attempt);
  return found !== undefined;
}

export function requeue(db: Database, id: string): void {
  db.prepare(`UPDATE run SET status = 'queued', ended_at = NULL, error_json = NULL, log = '' WHERE id = ?`).run(id);
}

/** The number of the attempt, or undefined if the run did not wait. */
export function beginAttempt(db: Database, id: string, now: number): number | undefined {
  return db
    .prepare<[number, string], number>(
      `UPDATE run SET status = 'running', attempt = attempt + 1, started_at = ? WHERE id = ? AND status = 'queued' RETURNING attempt`,
    )
    .pluck()
    .get(now, id);
}

export function setEngine(db: Database, id: string, engine: string): void {
  db.prepare('UPDATE run SET engine = ? WHERE id = ?').run(engine, id);
}

export function setResultKey(db: Database, id: string, key: string): void {
  db.prepare('UPDATE run SET result_key = ? WHERE id = ?').run(key, id);
}

export function setReusedFrom(db: Database, id: string, from: { id: string; engine: string | null }): void {
  db.prepare('UPDATE run SET reused_from = ?, engine = ? WHERE id = ?').run(from.id, from.engine, id);
}

/** Ends a queued or running run; false where it had ended already. */
export function endRun(
  db: Database,
  id: string,
  ending: { status: RunStatus; endedAt: number; error: StoredError | null; log: string },
): boolean {
  const { changes } = db
    .prepare(
      `UPDATE run SET status = @status, ended_at = @endedAt, error_json = @errorJson, log = @log
       WHERE id = @id AND status IN ('queued', 'running')`,
    )
    .run({ ...ending, id, errorJson: ending.error === null ? null : JSON.stringify(ending.error) });
  return changes > 0;
}

export function deleteRun(db: Database, id: string): boolean {
  return db.prepare('DELETE FROM run WHERE id = ?').run(id).changes > 0;
}

function asRow({ requestJson, errorJson, ...rest }: RawRun): RunRow {
  return {
    ...rest,
    request: JSON.parse(requestJson) as unknown,
    error: errorJson === null ? null : (JSON.parse(errorJson) as StoredError),
  };
}
