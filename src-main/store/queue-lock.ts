import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AppError } from '#core/base/app-error';
import { projectError } from './project-errors.ts';

export const lockName = 'queue.lock';
const holderName = 'queue.holder.json';

/** Held by the one application that manages a project's runs. */
export interface QueueLock {
  release(): void;
}

/**
 * Takes the lock of a project's queue, or throws `project.in-use` with the holder's process and computer.
 * It is a lock of the operating system on an empty database file, which SQLite takes the same way on every system: it
 * ends with the process that holds it, however that ends, so there is never a stale one.
 */
export function takeQueueLock(project: string): QueueLock {
  let db: Sqlite.Database | undefined;
  const holderPath = join(project, holderName);
  try {
    db = new Sqlite(join(project, lockName), { timeout: 500 });
    db.exec('BEGIN EXCLUSIVE');
    writeFileSync(holderPath, JSON.stringify({ process: process.pid, computer: hostname() }));
  } catch (error) {
    db?.close();
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      throw new AppError('project.in-use', { path: project, holder: holderOf(holderPath) }, { cause: error });
    throw projectError(project, error);
  }
  const held = db;
  return {
    release() {
      if (!held.open) return;
      rmSync(holderPath, { force: true });
      held.close();
    },
  };
}

/** Who wrote the note beside the lock; the note may be missing or half written for a moment. */
function holderOf(path: string): string {
  try {
    const { process, computer } = JSON.parse(readFileSync(path, 'utf8')) as { process: number; computer: string };
    return `process ${process} on ${computer}`;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      return 'another application';
    throw error;
  }
}
