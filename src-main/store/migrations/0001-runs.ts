import type { Migration } from '../migration.ts';

export const migration: Migration = {
  version: 1,
  why: 'A project keeps its runs, what they were asked, what they measured and what they left.',
  up(db) {
    db.exec(`
      CREATE TABLE project (
        only_row   INTEGER PRIMARY KEY CHECK (only_row = 1),
        id         TEXT    NOT NULL,
        name       TEXT    NOT NULL,
        created_at INTEGER NOT NULL                -- milliseconds since 1970, as all times
      ) STRICT;

      CREATE TABLE note (
        key  TEXT PRIMARY KEY,
        json TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE run (
        number       INTEGER PRIMARY KEY,          -- order of creation
        id           TEXT    NOT NULL UNIQUE,
        request_json TEXT    NOT NULL,
        seed         INTEGER NOT NULL,
        status       TEXT    NOT NULL
                     CHECK (status IN ('queued', 'running', 'finished', 'cancelled', 'failed', 'interrupted')),
        attempt      INTEGER NOT NULL DEFAULT 0,
        engine       TEXT,
        created_at   INTEGER NOT NULL,
        started_at   INTEGER,
        ended_at     INTEGER,
        error_json   TEXT,
        log          TEXT    NOT NULL DEFAULT ''
      ) STRICT;

      CREATE TABLE array_file (
        hash       TEXT PRIMARY KEY,               -- names the file arrays/<hash>.cpxarray
        dtype      TEXT    NOT NULL,
        shape_json TEXT    NOT NULL,
        size_bytes INTEGER NOT NULL                -- of the values, without the header
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE run_array (
        run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        name   TEXT NOT NULL,
        hash   TEXT NOT NULL REFERENCES array_file (hash),
        PRIMARY KEY (run_id, name)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX run_array_by_hash ON run_array (hash);

      CREATE TABLE run_document (
        run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        name   TEXT NOT NULL,
        json   TEXT NOT NULL,
        PRIMARY KEY (run_id, name)
      ) STRICT;

      CREATE TABLE run_step (
        run_id TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        step   INTEGER NOT NULL CHECK (step >= 1),
        term   TEXT    NOT NULL,                   -- e.g. 'total'
        value  REAL,                               -- NULL: not a finite number
        position INTEGER NOT NULL,                 -- of the term among those of its step
        PRIMARY KEY (run_id, step, term)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
