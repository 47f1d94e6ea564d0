import type { Database } from 'better-sqlite3';
import { migrations } from './migrations/list.ts';

/** Version of the tables that this application writes. */
export const currentVersion = migrations.at(-1)!.version;

/** Marks a SQLite file as ours: "CPX1" in its header. */
export const applicationId = 0x43505831;

/** Version of the tables of an open file; 0 for an empty one. */
export function versionOf(db: Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/**
 * Leads the tables to version `to`, all steps or none: one transaction, so that a kill in between leaves the old version.
 * Several processes may call it at once; the later ones find nothing to do. Never goes back.
 */
export function migrate(db: Database, to: number = currentVersion): void {
  if (versionOf(db) >= to) return;
  const steps = db.transaction(() => {
    const from = versionOf(db); // read inside the transaction: another process may have been quicker
    for (const migration of migrations) {
      if (migration.version <= from || migration.version > to) continue;
      migration.up(db);
      db.pragma(`user_version = ${migration.version}`);
    }
  });
  steps.immediate();
}
