import type { Migration } from '../migration.ts';

export const migration: Migration = {
  version: 3,
  why: 'Equal inputs, settings, seed and code give an equal result, which need not be computed twice; and how long the stages took tells how long the next run will take.',
  up(db) {
    db.exec(`
      ALTER TABLE run ADD COLUMN result_key TEXT;            -- hash of inputs, settings, seed and code version
      ALTER TABLE run ADD COLUMN reused_from TEXT;           -- id of the run whose result was taken over
      CREATE INDEX run_by_result_key ON run (result_key) WHERE result_key IS NOT NULL;

      CREATE TABLE run_input (
        run_id      TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        position    INTEGER NOT NULL,
        role        TEXT    NOT NULL,                        -- 'reference', 'query', …
        path        TEXT    NOT NULL,
        sha256      TEXT    NOT NULL,
        size_bytes  INTEGER NOT NULL,
        modified_at INTEGER NOT NULL,
        PRIMARY KEY (run_id, position)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE file_hash (                               -- spares reading a file again that has not changed
        path        TEXT    PRIMARY KEY,
        sha256      TEXT    NOT NULL,
        size_bytes  INTEGER NOT NULL,
        modified_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE run_stage (
        run_id     TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        position   INTEGER NOT NULL,
        stage      TEXT    NOT NULL,
        elapsed_ms REAL    NOT NULL,
        PRIMARY KEY (run_id, position)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
