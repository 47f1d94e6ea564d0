import type { Database } from 'better-sqlite3';

export function addCheckpointArray(
  db: Database,
  checkpoint: number,
  position: number,
  name: string,
  hash: string,
): void {
  db.prepare('INSERT INTO checkpoint_array (checkpoint, position, name, hash) VALUES (?, ?, ?, ?)').run(
    checkpoint,
    position,
    name,
    hash,
  );
}

/** In the order in which they were given. */
export function arraysOfCheckpoint(db: Database, checkpoint: number): { name: string; hash: string }[] {
  return db
    .prepare<[number], { name: string; hash: string }>(
      'SELECT name, hash FROM checkpoint_array WHERE checkpoint = ? ORDER BY position',
    )
    .all(checkpoint);
}
