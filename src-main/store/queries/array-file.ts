import type { Database } from 'better-sqlite3';
import type { DtypeName } from '../stored-array.ts';

interface ArrayFileRow {
  readonly hash: string;
  readonly dtype: DtypeName;
  readonly shape: readonly number[];
  readonly sizeBytes: number;
}

/** Equal arrays share one file, so the row may be there. */
export function addArrayFile(db: Database, row: ArrayFileRow): void {
  db.prepare(
    `INSERT INTO array_file (hash, dtype, shape_json, size_bytes) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING`,
  ).run(row.hash, row.dtype, JSON.stringify(row.shape), row.sizeBytes);
}

export function hasArrayFile(db: Database, hash: string): boolean {
  return db.prepare('SELECT 1 FROM array_file WHERE hash = ?').get(hash) !== undefined;
}

/** Forgets the files that neither a run nor a checkpoint names, and gives their hashes. */
export function forgetUnnamed(db: Database): string[] {
  return db
    .prepare<[], string>(
      `DELETE FROM array_file
       WHERE hash NOT IN (SELECT hash FROM run_array) AND hash NOT IN (SELECT hash FROM checkpoint_array)
       RETURNING hash`,
    )
    .pluck()
    .all();
}

/** All files with one name by which a person knows the content. */
export function namedArrayFiles(db: Database): { hash: string; name: string }[] {
  return db
    .prepare<[], { hash: string; name: string }>(
      `SELECT hash, min(name) AS name FROM (
         SELECT hash, name FROM run_array
         UNION ALL SELECT hash, 'checkpoint ' || name FROM checkpoint_array
       ) GROUP BY hash ORDER BY name, hash`,
    )
    .all();
}
