import type { Database } from 'better-sqlite3';
import type { RunArrayRow } from '../rows.ts';

type RawRow = Omit<RunArrayRow, 'shape'> & { shapeJson: string };

export function addRunArray(db: Database, runId: string, name: string, hash: string): void {
  db.prepare('INSERT INTO run_array (run_id, name, hash) VALUES (?, ?, ?)').run(runId, name, hash);
}

/** By name in code-point order. */
export function arraysOfRun(db: Database, runId: string): RunArrayRow[] {
  return db
    .prepare<[string], RawRow>(
      `SELECT name, hash, dtype, shape_json AS shapeJson, size_bytes AS sizeBytes
       FROM run_array JOIN array_file USING (hash) WHERE run_id = ? ORDER BY name`,
    )
    .all(runId)
    .map(({ shapeJson, ...rest }) => ({ ...rest, shape: JSON.parse(shapeJson) as number[] }));
}

export function copyRunArrays(db: Database, from: string, to: string): void {
  db.prepare('INSERT INTO run_array (run_id, name, hash) SELECT ?, name, hash FROM run_array WHERE run_id = ?').run(
    to,
    from,
  );
}
