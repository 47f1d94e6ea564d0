import type { Database } from 'better-sqlite3';

export function addDocument(db: Database, runId: string, name: string, json: string): void {
  db.prepare('INSERT INTO run_document (run_id, name, json) VALUES (?, ?, ?)').run(runId, name, json);
}

/** In code-point order. */
export function documentNames(db: Database, runId: string): string[] {
  return db
    .prepare<[string], string>('SELECT name FROM run_document WHERE run_id = ? ORDER BY name')
    .pluck()
    .all(runId);
}

export function documentJson(db: Database, runId: string, name: string): string | undefined {
  return db
    .prepare<[string, string], string>('SELECT json FROM run_document WHERE run_id = ? AND name = ?')
    .pluck()
    .get(runId, name);
}

export function copyDocuments(db: Database, from: string, to: string): void {
  db.prepare(
    'INSERT INTO run_document (run_id, name, json) SELECT ?, name, json FROM run_document WHERE run_id = ?',
  ).run(to, from);
}

export function setDocument(db: Database, runId: string, name: string, json: string): void {
  db.prepare('UPDATE run_document SET json = ? WHERE run_id = ? AND name = ?').run(json, runId, name);
}
