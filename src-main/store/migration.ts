import type { Database } from 'better-sqlite3';

/** One step from a version of the tables to the next. */
export interface Migration {
  /** The version it leads to, 1 …; the list has no gap. */
  readonly version: number;
  readonly why: string;
  /** Runs inside a transaction. Plain SQL that stays as it is for ever: old projects take this path. */
  up(db: Database): void;
}
