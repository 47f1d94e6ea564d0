import type { Database } from 'better-sqlite3';
import type { RunStorage } from '../rows.ts';

/** Arrays of a run whose name begins so are copies for the explorers, which the result does not need. */
export const explorerPrefix = 'by-feature/';
/** The studies' own columns of cells, which the result does not need either. */
export const columnPrefix = 'cell-columns/';

/**
 * What the array files of each run take, in bytes; latest run first. A file that several runs share counts for each of
 * them.
 */
export function storageOfRuns(db: Database): RunStorage[] {
  return db
    .prepare<{ explorers: string; columns: string }, RunStorage>(
      `SELECT run.id AS runId, run.status,
         (SELECT coalesce(sum(size_bytes), 0) FROM run_array JOIN array_file USING (hash)
          WHERE run_id = run.id AND substr(name, 1, length(@explorers)) <> @explorers
            AND substr(name, 1, length(@columns)) <> @columns) AS resultBytes,
         (SELECT coalesce(sum(size_bytes), 0) FROM run_array JOIN array_file USING (hash)
          WHERE run_id = run.id AND substr(name, 1, length(@explorers)) = @explorers) AS explorerBytes,
         (SELECT coalesce(sum(size_bytes), 0) FROM run_array JOIN array_file USING (hash)
          WHERE run_id = run.id AND substr(name, 1, length(@columns)) = @columns) AS columnBytes,
         (SELECT coalesce(sum(size_bytes), 0) FROM checkpoint
          JOIN checkpoint_array ON checkpoint_array.checkpoint = checkpoint.number JOIN array_file USING (hash)
          WHERE checkpoint.run_id = run.id) AS checkpointBytes
       FROM run ORDER BY run.number DESC`,
    )
    .all({ explorers: explorerPrefix, columns: columnPrefix });
}

/** Bytes of all array files together. */
export function allArrayBytes(db: Database): number {
  return db.prepare<[], number>('SELECT coalesce(sum(size_bytes), 0) FROM array_file').pluck().get()!;
}

/** A run lets go of its arrays whose names begin so. */
export function dropArrays(db: Database, runId: string, prefix: string): void {
  db.prepare(`DELETE FROM run_array WHERE run_id = ? AND substr(name, 1, length(?)) = ?`).run(runId, prefix, prefix);
}
