import type { Database } from 'better-sqlite3';

interface CheckpointRow {
  readonly number: number;
  readonly kind: string;
  readonly descriptionJson: string;
}

/** Gives back its number. */
export function addCheckpoint(
  db: Database,
  checkpoint: { runId: string; kind: string; descriptionJson: string; createdAt: number },
): number {
  return Number(
    db
      .prepare(
        `INSERT INTO checkpoint (run_id, kind, description_json, created_at)
         VALUES (@runId, @kind, @descriptionJson, @createdAt)`,
      )
      .run(checkpoint).lastInsertRowid,
  );
}

/** Latest first. */
export function checkpointsOfRun(db: Database, runId: string): CheckpointRow[] {
  return db
    .prepare<[string], CheckpointRow>(
      `SELECT number, kind, description_json AS descriptionJson FROM checkpoint WHERE run_id = ? ORDER BY number DESC`,
    )
    .all(runId);
}

/** Deletes all but the last `keep` checkpoints of a run. */
export function dropCheckpoints(db: Database, runId: string, keep: number): void {
  db.prepare(
    `DELETE FROM checkpoint WHERE run_id = @runId AND number NOT IN
       (SELECT number FROM checkpoint WHERE run_id = @runId ORDER BY number DESC LIMIT @keep)`,
  ).run({ runId, keep });
}
