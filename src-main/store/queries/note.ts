import type { Database } from 'better-sqlite3';

export function noteJson(db: Database, key: string): string | undefined {
  return db.prepare<[string], string>('SELECT json FROM note WHERE key = ?').pluck().get(key);
}

export function setNoteJson(db: Database, key: string, json: string): void {
  db.prepare('INSERT INTO note (key, json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET json = excluded.json').run(
    key,
    json,
  );
}
