import type { Database } from 'better-sqlite3';
import type { StudyInput } from '../rows.ts';

export function setInputs(db: Database, runId: string, inputs: readonly StudyInput[]): void {
  db.prepare('DELETE FROM run_input WHERE run_id = ?').run(runId);
  const add = db.prepare(
    `INSERT INTO run_input (run_id, position, role, path, sha256, size_bytes, modified_at)
     VALUES (@runId, @position, @role, @path, @sha256, @sizeBytes, @modifiedAt)`,
  );
  inputs.forEach((input, position) => add.run({ ...input, runId, position }));
}

export function inputsOfRun(db: Database, runId: string): StudyInput[] {
  return db
    .prepare<[string], StudyInput>(
      `SELECT role, path, sha256, size_bytes AS sizeBytes, modified_at AS modifiedAt
       FROM run_input WHERE run_id = ? ORDER BY position`,
    )
    .all(runId);
}
