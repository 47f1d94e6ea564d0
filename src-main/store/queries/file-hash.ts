import type { Database } from 'better-sqlite3';
import type { StudyInput } from '../rows.ts';

export function knownHash(db: Database, path: string, sizeBytes: number, modifiedAt: number): string | undefined {
  return db
    .prepare<[string, number, number], string>(
      'SELECT sha256 FROM file_hash WHERE path = ? AND size_bytes = ? AND modified_at = ?',
    )
    .pluck()
    .get(path, sizeBytes, modifiedAt);
}

export function keepHash(db: Database, input: Omit<StudyInput, 'role'>): void {
  db.prepare(
    `INSERT OR REPLACE INTO file_hash (path, sha256, size_bytes, modified_at)
     VALUES (@path, @sha256, @sizeBytes, @modifiedAt)`,
  ).run(input);
}
