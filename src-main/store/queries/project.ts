import type { Database } from 'better-sqlite3';

interface ProjectRow {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

export function addProject(db: Database, project: ProjectRow): void {
  db.prepare('INSERT INTO project (only_row, id, name, created_at) VALUES (1, @id, @name, @createdAt)').run(project);
}

/** undefined for a database whose making was cut short. */
export function theProject(db: Database): ProjectRow | undefined {
  return db.prepare<[], ProjectRow>('SELECT id, name, created_at AS createdAt FROM project').get();
}

export function renameProject(db: Database, name: string): void {
  db.prepare('UPDATE project SET name = ?').run(name);
}
