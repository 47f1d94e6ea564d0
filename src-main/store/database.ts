import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AppError } from '#core/base/app-error';
import { applicationId, currentVersion, migrate, versionOf } from './migrate.ts';
import { withProjectErrors } from './project-errors.ts';

export const databaseName = 'project.sqlite';

/** How long a transaction waits for another process's. */
const busyTimeoutMs = 15_000;

/**
 * Opens the database of a project's folder for writing and leads it to the current version.
 * Throws an error of the `project` area for a folder that is none, a newer version, damage, a disk that cannot be written to.
 */
export function openDatabase(folder: string): Sqlite.Database {
  checkFolder(folder);
  return withProjectErrors(folder, () => {
    const db = new Sqlite(join(folder, databaseName), { fileMustExist: true, timeout: busyTimeoutMs });
    try {
      checkDatabase(db, folder);
      configure(db);
      migrate(db);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** An empty database of the current version at a place where nothing is. */
export function createDatabase(path: string): Sqlite.Database {
  const db = new Sqlite(path);
  db.pragma(`application_id = ${applicationId}`);
  configure(db);
  migrate(db);
  return db;
}

/** Throws unless the folder can be that of a project. */
export function checkFolder(folder: string): void {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) throw new AppError('project.no-such-folder', { path: folder });
  if (!stat.isDirectory()) throw new AppError('project.not-a-project', { path: folder, reason: 'it is a file' });
  if (!existsSync(join(folder, databaseName)))
    throw new AppError('project.not-a-project', { path: folder, reason: `it holds no ${databaseName}` });
}

/** Throws unless the open database is ours, of a known version, and whole. */
export function checkDatabase(db: Sqlite.Database, folder: string): void {
  if (db.pragma('application_id', { simple: true }) !== applicationId)
    throw new AppError('project.not-a-project', { path: folder, reason: `its ${databaseName} is not ours` });
  const version = versionOf(db);
  if (version > currentVersion)
    throw new AppError('project.newer-version', { path: folder, version, known: currentVersion });
  const findings = db.pragma('quick_check(1)', { simple: true }) as string;
  if (findings !== 'ok') throw new AppError('project.damaged-database', { path: folder, detail: firstLine(findings) });
}

/** WAL with full syncs: what was committed survives a power cut, and readers never wait for the writer. */
function configure(db: Sqlite.Database): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
}

function firstLine(text: string): string {
  return text
    .split('\n', 1)[0]!
    .replace(/[*\s]+/g, ' ')
    .trim();
}
