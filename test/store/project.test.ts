import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { AttemptOver } from '#store/attempt-over';
import { createProject, openProject, openProjectReadOnly, type ProjectWriter } from '#store/project';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();
const newProject = (): ProjectWriter => createProject(join(newFolder(), 'Liver.cpx'));
const array = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) });
const nothing = { documents: {}, arrays: {}, stages: [] };

function begun(project: ProjectWriter): { id: string; attempt: number } {
  const id = project.addRun({ request: { label: 'cell_type' }, seed: 7 });
  return { id, attempt: project.beginAttempt(id) };
}

describe('a project', () => {
  test('takes its name from the folder and keeps what it was told after it is closed', () => {
    const project = newProject();
    const id = project.addRun({ request: { label: 'cell_type', threshold: 0.95 }, seed: 1234 });
    project.setNote('wizard', { step: 2 });
    project.close();

    const again = openProject(project.path);
    expect(again.info()).toMatchObject({ name: 'Liver', version: 3 });
    expect(again.note('wizard')).toEqual({ step: 2 });
    expect(again.note('other')).toBeUndefined();
    expect(again.runs()).toMatchObject([
      { id, status: 'queued', seed: 1234, request: { label: 'cell_type', threshold: 0.95 }, attempt: 0, engine: null },
    ]);
    again.close();
  });

  test.skipIf(process.platform !== 'linux')('is refused at once where the system takes no folders', () => {
    expect(() => createProject('/proc/nowhere/Liver.cpx')).toThrow(
      expect.objectContaining({ code: 'project.read-only' }) as Error,
    );
  });

  test('is made in an empty folder but never over anything', () => {
    const place = newFolder();
    createProject(place).close();
    expect(() => createProject(place)).toThrow(`There is already something at ${place}`);
    const file = join(newFolder(), 'notes.txt');
    writeFileSync(file, 'x');
    expect(() => createProject(file)).toThrow('already something');
    expect(readdirSync(join(place, '..')).filter((name) => name.startsWith('.'))).not.toContain(place);
  });

  test('gives runs latest first and names a run it does not have', () => {
    const project = newProject();
    const first = project.addRun({ request: {}, seed: 1 });
    const second = project.addRun({ request: {}, seed: 2 });
    expect(project.runs().map(({ id }) => id)).toEqual([second, first]);
    expect(() => project.run('r-9')).toThrow('has no run r-9');
    project.deleteRun(first);
    expect(project.runs().map(({ id }) => id)).toEqual([second]);
    expect(() => project.deleteRun(first)).toThrow(`has no run ${first}`);
    project.close();
  });

  test('keeps documents, arrays and stage times of a finished run, each as it was given', async () => {
    const project = newProject();
    const { id, attempt } = begun(project);
    project.setEngine(id, attempt, 'wasm');
    const embedding = { shape: [2, 3], values: Float32Array.of(1, -2, 3.5, Number.NaN, Infinity, -0) };
    const predicted = { shape: [3], values: Int32Array.of(-1, 0, 2 ** 31 - 1) };
    const empty = { shape: [0, 4], values: new Float64Array() };
    project.finishRun(id, attempt, {
      documents: { summary: { cells: 3, metrics: null }, markers: [] },
      arrays: { embedding, predicted, empty },
      stages: [{ stage: 'read', elapsedMs: 12.5 }],
    });

    expect(project.run(id)).toMatchObject({ status: 'finished', engine: 'wasm', attempt: 1, error: null, log: '' });
    expect(project.runDocuments(id)).toEqual(['markers', 'summary']);
    expect(project.runDocument(id, 'summary')).toEqual({ cells: 3, metrics: null });
    expect(project.runArrays(id).map(({ name, dtype, shape, sizeBytes }) => [name, dtype, shape, sizeBytes])).toEqual([
      ['embedding', 'float32', [2, 3], 24],
      ['empty', 'float64', [0, 4], 0],
      ['predicted', 'int32', [3], 12],
    ]);
    expect(await project.readRunArray(id, 'embedding')).toEqual(embedding);
    expect(await project.readRunArray(id, 'predicted')).toEqual(predicted);
    expect(await project.readRunArray(id, 'empty')).toEqual(empty);
    expect(await project.readRunArrayPart(id, 'embedding', 1, 3)).toEqual(Float32Array.of(-2, 3.5));
    await expect(project.readRunArrayPart(id, 'embedding', 4, 7)).rejects.toThrow('4 … 7 of the 6 values');
    expect(project.runStages(id)).toEqual([{ stage: 'read', elapsedMs: 12.5 }]);
    await expect(project.readRunArray(id, 'layout')).rejects.toThrow(
      `The run ${id} (finished) has no result called layout; it has: embedding, empty, predicted.`,
    );
    expect(() => project.runDocument(id, 'figures')).toThrow('it has: markers, summary');
    project.close();
  });

  test('refuses an array whose number of values is not its shape', () => {
    const project = newProject();
    const { id, attempt } = begun(project);
    const wrong = { shape: [2, 2], values: new Float32Array(3) };
    expect(() => project.finishRun(id, attempt, { ...nothing, arrays: { wrong } })).toThrow(
      'shape [2, 2] with 3 values',
    );
    expect(project.run(id).status).toBe('running');
    project.close();
  });

  test('keeps equal arrays once and removes a file with the last run that names it', () => {
    const project = newProject();
    const files = (): string[] => readdirSync(join(project.path, 'arrays'));
    const runs = [begun(project), begun(project)];
    for (const { id, attempt } of runs)
      project.finishRun(id, attempt, { ...nothing, arrays: { a: array(1, 2), b: array(1, 2) } });
    expect(files()).toHaveLength(1);
    project.deleteRun(runs[0]!.id);
    expect(files()).toHaveLength(1);
    project.deleteRun(runs[1]!.id);
    expect(files()).toEqual([]);
    project.close();
  });

  test('keeps loss terms by step, a term that is not a number as null, and forgets what a resumed run repeats', () => {
    const project = newProject();
    const { id, attempt } = begun(project);
    project.addSteps(id, attempt, [
      { step: 1, terms: { total: 3, alignment: Number.NaN } },
      { step: 2, terms: { total: 2 } },
      { step: 3, terms: { total: 1 } },
    ]);
    expect(project.runSteps(id)).toEqual([
      { step: 1, terms: { total: 3, alignment: null } },
      { step: 2, terms: { total: 2 } },
      { step: 3, terms: { total: 1 } },
    ]);
    expect(Object.keys(project.runSteps(id)[0]!.terms)).toEqual(['total', 'alignment']);
    project.forgetStepsAfter(id, attempt, 1);
    project.addSteps(id, attempt, [{ step: 2, terms: { total: 2.5 } }]);
    expect(project.runSteps(id, 1)).toEqual([{ step: 2, terms: { total: 2.5 } }]);
    project.close();
  });

  test('keeps the last two checkpoints of a run and drops them when it finishes', async () => {
    const project = newProject();
    const { id, attempt } = begun(project);
    expect(await project.loadCheckpoint(id)).toBeNull();
    for (const step of [5, 10, 15])
      project.saveCheckpoint(id, attempt, { kind: 'k', description: { step }, arrays: { w: array(step) } });
    expect(readdirSync(join(project.path, 'arrays'))).toHaveLength(2);
    expect(await project.loadCheckpoint(id)).toEqual({
      kind: 'k',
      description: { step: 15 },
      arrays: { w: array(15) },
    });
    project.finishRun(id, attempt, nothing);
    expect(await project.loadCheckpoint(id)).toBeNull();
    expect(readdirSync(join(project.path, 'arrays'))).toEqual([]);
    project.close();
  });

  test('gives the arrays of a checkpoint back in the order in which they came: sums over them must not change', async () => {
    const project = newProject();
    const { id, attempt } = begun(project);
    const arrays = { weights: array(1), bias: array(2), attention: array(1) };
    project.saveCheckpoint(id, attempt, { kind: 'k', description: null, arrays });
    expect(Object.keys((await project.loadCheckpoint(id))!.arrays)).toEqual(['weights', 'bias', 'attention']);
    project.close();
  });

  test('lets a process that was given up change nothing more', () => {
    const project = newProject();
    const { id, attempt } = begun(project);
    expect(project.endRun(id, { status: 'interrupted' })).toBe(true);
    expect(project.endRun(id, { status: 'cancelled' })).toBe(false);
    project.requeueRun(id);
    const second = project.beginAttempt(id);
    expect(second).toBe(2);
    expect(() => project.addSteps(id, attempt, [{ step: 1, terms: { total: 1 } }])).toThrow(AttemptOver);
    expect(() => project.finishRun(id, attempt, { ...nothing, arrays: { a: array(1) } })).toThrow(AttemptOver);
    expect(readdirSync(join(project.path, 'arrays'))).toEqual([]);
    project.finishRun(id, second, nothing);
    expect(() => project.requeueRun(id)).toThrow(`The run ${id} is finished, so there is nothing to resume.`);
    project.close();
  });

  test('keeps why a run failed and forgets it when the run is resumed', () => {
    const project = newProject();
    const { id } = begun(project);
    const error = { code: 'training.x', message: 'm', remedy: 'r' };
    project.endRun(id, { status: 'failed', error, log: 'last words' });
    expect(project.run(id)).toMatchObject({ status: 'failed', error, log: 'last words' });
    project.requeueRun(id);
    expect(project.run(id)).toMatchObject({ status: 'queued', error: null, log: '', endedAt: null });
    project.close();
  });

  test('takes over the result of an equal finished run', async () => {
    const project = newProject();
    const inputs = [{ role: 'query', path: 'q.h5ad', sha256: 'ff', sizeBytes: 3, modifiedAt: 5 }];
    const first = begun(project);
    project.setResultKey(first.id, first.attempt, 'key', inputs);
    project.addSteps(first.id, first.attempt, [{ step: 1, terms: { total: 1 } }]);
    project.finishRun(first.id, first.attempt, { documents: { summary: 1 }, arrays: { a: array(4) }, stages: [] });

    const second = begun(project);
    expect(project.finishFromEqualRun(second.id, second.attempt, 'other key')).toBe(false);
    expect(project.finishFromEqualRun(second.id, second.attempt, 'key')).toBe(true);
    expect(project.run(second.id)).toMatchObject({ status: 'finished', reusedFrom: first.id });
    expect(project.runSteps(second.id)).toEqual([{ step: 1, terms: { total: 1 } }]);
    project.deleteRun(first.id);
    expect(await project.readRunArray(second.id, 'a')).toEqual(array(4));
    expect(project.runDocument(second.id, 'summary')).toBe(1);
    project.close();
  });

  test('does not take over the result of an equal run whose explorers were removed, but of one that still has them', () => {
    const project = newProject();
    const finished = (): string => {
      const { id, attempt } = begun(project);
      project.setResultKey(id, attempt, 'key', []);
      const documents = { explorers: { features: ['CD4'], trained: [0], missing: null } };
      project.finishRun(id, attempt, { documents, arrays: { 'by-feature/values': array(4) }, stages: [] });
      return id;
    };
    const [whole, cleaned] = [finished(), finished()];
    project.freeExplorers(cleaned, 'Removed.');
    const second = begun(project);
    expect(project.finishFromEqualRun(second.id, second.attempt, 'key')).toBe(true);
    expect(project.run(second.id).reusedFrom).toBe(whole);
    for (const id of [whole, second.id]) project.freeExplorers(id, 'Removed.');
    const third = begun(project);
    expect(project.finishFromEqualRun(third.id, third.attempt, 'key')).toBe(false);
    project.close();
  });

  test('does not take over the result of an equal run whose columns of cells were removed', () => {
    const project = newProject();
    const { id, attempt } = begun(project);
    project.setResultKey(id, attempt, 'key', []);
    const documents = { explorers: { missing: null }, cellColumns: { query: {}, reference: {} } };
    project.finishRun(id, attempt, { documents, arrays: { 'cell-columns/query/names': array(4) }, stages: [] });
    project.freeColumns(id, 'Removed.');
    const second = begun(project);
    expect(project.finishFromEqualRun(second.id, second.attempt, 'key')).toBe(false);
    project.close();
  });

  test('remembers the hash of a file until its size or time changes', () => {
    const project = newProject();
    project.keepHash({ path: 'a', sha256: 'ff', sizeBytes: 3, modifiedAt: 5 });
    expect(project.knownHash('a', 3, 5)).toBe('ff');
    expect(project.knownHash('a', 4, 5)).toBeUndefined();
    expect(project.knownHash('a', 3, 6)).toBeUndefined();
    project.close();
  });
});

describe('opening', () => {
  test('refuses what is no project and says why', () => {
    const place = newFolder();
    for (const open of [openProject, openProjectReadOnly]) {
      expect(() => open(join(place, 'nowhere'))).toThrow(`There is no project at ${join(place, 'nowhere')}`);
      expect(() => open(place)).toThrow('it holds no project.sqlite');
    }
    const file = join(place, 'file.cpx');
    writeFileSync(file, 'x');
    expect(() => openProject(file)).toThrow('it is a file');
    mkdirSync(join(place, 'text.cpx'));
    writeFileSync(join(place, 'text.cpx', 'project.sqlite'), 'a database? no! '.repeat(100));
    expect(() => openProject(join(place, 'text.cpx'))).toThrow('file is not a database');
    mkdirSync(join(place, 'other.cpx'));
    const other = new Sqlite(join(place, 'other.cpx', 'project.sqlite'));
    other.exec('CREATE TABLE t (x)');
    other.close();
    expect(() => openProject(join(place, 'other.cpx'))).toThrow('its project.sqlite is not ours');
  });

  test('refuses a newer version and leaves it as it was', () => {
    const project = newProject();
    project.close();
    const db = new Sqlite(join(project.path, 'project.sqlite'));
    db.pragma('user_version = 99');
    db.close();
    for (const open of [openProject, openProjectReadOnly])
      expect(() => open(project.path)).toThrow(/has version 99; this CellPredX knows versions up to 3/);
    const after = new Sqlite(join(project.path, 'project.sqlite'));
    expect(after.pragma('user_version', { simple: true })).toBe(99);
    after.close();
  });

  test('removes files that no row names and keeps the others', async () => {
    const project = newProject();
    const { id, attempt } = begun(project);
    project.finishRun(id, attempt, { ...nothing, arrays: { a: array(1) } });
    project.close();
    const folder = join(project.path, 'arrays');
    const [kept] = readdirSync(folder);
    writeFileSync(join(folder, `${'0'.repeat(64)}.cpxarray`), 'rest of a write');
    const gone = 2 ** 22 + 1; // above the largest process id of any system
    const host = (await import('node:os')).hostname().replace(/[^A-Za-z0-9]/g, '');
    writeFileSync(join(folder, `.abc~${host}~${gone}~1~1.part`), 'half');
    writeFileSync(join(folder, 'notes of a person.txt'), 'mine');
    const again = openProject(project.path);
    expect(readdirSync(folder).sort()).toEqual([kept, 'notes of a person.txt'].sort());
    expect(await again.verifyArrays()).toEqual([]);
    again.close();
  });

  test('does not remove what another process is about to name', () => {
    const project = newProject();
    const { id, attempt } = begun(project);
    const other = openProject(project.path);
    project.saveCheckpoint(id, attempt, { kind: 'k', description: null, arrays: { w: array(1) } });
    other.close();
    openProject(project.path).close();
    expect(readdirSync(join(project.path, 'arrays'))).toHaveLength(1);
    project.close();
  });

  test('for reading only has no way to write and leaves the folder as it was', async () => {
    const project = newProject();
    const { id, attempt } = begun(project);
    project.finishRun(id, attempt, { ...nothing, documents: { summary: 5 }, arrays: { a: array(1) } });
    project.close();
    const before = statSync(join(project.path, 'project.sqlite')).mtimeMs;
    const reader = openProjectReadOnly(project.path);
    expect(reader.runDocument(id, 'summary')).toBe(5);
    expect(await reader.readRunArray(id, 'a')).toEqual(array(1));
    expect('addRun' in reader).toBe(false);
    reader.close();
    expect(statSync(join(project.path, 'project.sqlite')).mtimeMs).toBe(before);
    expect(existsSync(join(project.path, 'project.sqlite'))).toBe(true);
  });
});
