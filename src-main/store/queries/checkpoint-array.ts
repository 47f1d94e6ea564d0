import type { Database } from 'better-sqlite3';

export function addCheckpointArray(db: Database, checkpoint: number, name: string, hash: string): void {
  db.prepare('INSERT INTO checkpoint_array (checkpoint, name, hash) VALUES (?, ?, ?)').run(checkpoint, name, hash);
}

export function arraysOfCheckpoint(db: Database, checkpoint: number): { name: string; hash: string }[] {
  return db
    .prepare<[number], { name: string; hash: string }>(
      'SELECT name, hash FROM checkpoint_array WHERE checkpoint = ? ORDER BY name',
    )
    .all(checkpoint);
}
