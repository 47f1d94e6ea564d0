import type { Migration } from '../migration.ts';

export const migration: Migration = {
  version: 2,
  why: 'A run that was interrupted goes on from the last state its method kept.',
  up(db) {
    db.exec(`
      CREATE TABLE checkpoint (
        number           INTEGER PRIMARY KEY AUTOINCREMENT,  -- the largest is the latest; never given twice
        run_id           TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        kind             TEXT    NOT NULL,
        description_json TEXT    NOT NULL,
        created_at       INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX checkpoint_by_run ON checkpoint (run_id, number);

      CREATE TABLE checkpoint_array (
        checkpoint INTEGER NOT NULL REFERENCES checkpoint (number) ON DELETE CASCADE,
        position   INTEGER NOT NULL,                         -- arrays come back in the order in which they were given
        name       TEXT    NOT NULL,
        hash       TEXT    NOT NULL REFERENCES array_file (hash),
        PRIMARY KEY (checkpoint, name)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX checkpoint_array_by_hash ON checkpoint_array (hash);
    `);
  },
};
