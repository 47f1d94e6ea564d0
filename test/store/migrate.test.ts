import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { ArrayFolder } from '#store/array-folder';
import { applicationId, currentVersion, migrate, versionOf } from '#store/migrate';
import { migrations } from '#store/migrations/list';
import { openProject, openProjectReadOnly } from '#store/project';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();
const runId = '4d3c0b1e-6a44-4b56-9f0e-0123456789ab';
const predicted = { shape: [4], values: Int32Array.of(0, 1, 1, 2) };

/** A project of an older version with one finished run, as the application of that time wrote it. */
function olderProject(version: number): string {
  const path = join(newFolder(), 'old.cpx');
  mkdirSync(join(path, 'arrays'), { recursive: true });
  const db = new Sqlite(join(path, 'project.sqlite'));
  db.pragma(`application_id = ${applicationId}`);
  db.pragma('journal_mode = WAL');
  db.pragma('foreign_keys = ON');
  migrate(db, version);
  const arrays = new ArrayFolder(path);
  const staged = arrays.stage(predicted);
  arrays.publish([staged]);
  db.exec(`
    INSERT INTO project VALUES (1, 'id-1', 'Old liver', 1700000000000);
    INSERT INTO note VALUES ('wizard', '{"step":1}');
    INSERT INTO run (number, id, request_json, seed, status, attempt, engine, created_at, started_at, ended_at)
      VALUES (1, '${runId}', '{"label":"cell_type"}', 1234, 'finished', 1, 'wasm', 1, 2, 3);
    INSERT INTO run_document VALUES ('${runId}', 'summary', '{"accuracy":0.9}');
    INSERT INTO run_step VALUES ('${runId}', 1, 'total', 2.5, 0), ('${runId}', 2, 'total', 2.25, 0);
    INSERT INTO array_file VALUES ('${staged.hash}', 'int32', '[4]', 16);
    INSERT INTO run_array VALUES ('${runId}', 'predicted', '${staged.hash}');
  `);
  db.close();
  return path;
}

describe('migrations', () => {
  test('are numbered from 1 without a gap, each with a reason', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, i) => i + 1));
    for (const { why } of migrations) expect(why.length).toBeGreaterThan(20);
  });

  const older = migrations.map(({ version }) => version);
  test.each(older)('a project of version %i opens with all that it held', async (version) => {
    for (const open of [openProjectReadOnly, openProject]) {
      const path = olderProject(version);
      const project = open(path);
      expect(project.info()).toEqual({
        id: 'id-1',
        name: 'Old liver',
        createdAt: 1_700_000_000_000,
        version: currentVersion,
      });
      expect(project.note('wizard')).toEqual({ step: 1 });
      expect(project.runs()).toMatchObject([
        { id: runId, status: 'finished', seed: 1234, engine: 'wasm', resultKey: null, reusedFrom: null },
      ]);
      expect(project.runDocument(runId, 'summary')).toEqual({ accuracy: 0.9 });
      expect(project.runSteps(runId)).toHaveLength(2);
      expect(await project.readRunArray(runId, 'predicted')).toEqual(predicted);
      expect(project.runInputs(runId)).toEqual([]);
      project.close();
    }
  });

  test('opening for reading only leaves an older version as it is', () => {
    const path = olderProject(1);
    const before = readFileSync(join(path, 'project.sqlite'));
    openProjectReadOnly(path).close();
    expect(readFileSync(join(path, 'project.sqlite')).equals(before)).toBe(true);
  });

  test('every older version ends with the tables of a new project', () => {
    const tables = (from: number): unknown => {
      const db = new Sqlite(':memory:');
      migrate(db, from);
      migrate(db);
      const rows = db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
      expect(versionOf(db)).toBe(currentVersion);
      db.close();
      return rows;
    };
    for (const { version } of migrations) expect(tables(version)).toEqual(tables(currentVersion));
  });

  test('every table is strict', () => {
    const db = new Sqlite(':memory:');
    migrate(db);
    const lax = db
      .prepare("SELECT name FROM pragma_table_list WHERE strict = 0 AND schema = 'main' AND name NOT LIKE 'sqlite_%'")
      .all();
    db.close();
    expect(lax).toEqual([]);
  });

  test('a step that fails leaves the version before it', () => {
    const db = new Sqlite(':memory:');
    migrate(db, 1);
    db.exec('CREATE TABLE checkpoint (x)'); // in the way of version 2
    expect(() => migrate(db)).toThrow('checkpoint already exists');
    expect(versionOf(db)).toBe(1);
    db.close();
  });
});
