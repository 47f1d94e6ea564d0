import fs, { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import type { FileSystem } from '#store/array-folder';
import { createProject, openProject, openProjectReadOnly, type ProjectWriter } from '#store/project';
import { projectError } from '#store/project-errors';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();
const nothing = { documents: {}, arrays: {}, stages: [] };
const array = (length: number, fill: number) => ({ shape: [length], values: new Float32Array(length).fill(fill) });

/** A project with one finished run that left the arrays `embedding` and `layout`. */
function projectWithRun(): { path: string; runId: string } {
  const project = createProject(join(newFolder(), 'p.cpx'));
  const runId = project.addRun({ request: { label: 'x' }, seed: 1 });
  const attempt = project.beginAttempt(runId);
  project.finishRun(runId, attempt, {
    ...nothing,
    documents: { summary: { cells: 2 } },
    arrays: { embedding: array(1000, 1), layout: array(1000, 2) },
  });
  project.close();
  return { path: project.path, runId };
}

function fileOf(project: ProjectWriter, runId: string, name: string): string {
  const { hash } = project.runArrays(runId).find((row) => row.name === name)!;
  return join(project.path, 'arrays', `${hash}.cpxarray`);
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('a disk that is full', () => {
  /** Fails as a full disk does: a short write first, then none. */
  function fullAfter(bytes: number): FileSystem {
    let left = bytes;
    const writeSync = (file: number, data: NodeJS.ArrayBufferView, offset: number, length: number): number => {
      if (left === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      const part = Math.min(left, length);
      left -= part;
      return fs.writeSync(file, data, offset, part);
    };
    return { ...fs, writeSync: writeSync as typeof fs.writeSync };
  }

  test.each([0, 100, 128, 3000, 4128, 5000])(
    'after %i bytes of an array loses nothing that was saved',
    async (room) => {
      const { path, runId } = projectWithRun();
      const project = openProject(path, fullAfter(room));
      const before = readdirSync(join(path, 'arrays')).sort();
      const second = project.addRun({ request: {}, seed: 2 });
      const attempt = project.beginAttempt(second);
      const arrays = { a: array(1000, 3), b: array(1000, 4) };
      expect(codeOf(() => project.finishRun(second, attempt, { ...nothing, arrays }))).toBe('project.disk-full');
      expect(readdirSync(join(path, 'arrays')).sort()).toEqual(before);
      expect(project.run(second).status).toBe('running');
      expect(project.runArrays(second)).toEqual([]);
      expect(await project.verifyArrays()).toEqual([]);
      expect((await project.readRunArray(runId, 'layout')).values[999]).toBe(2);
      project.close();

      const roomy = openProject(path);
      roomy.finishRun(second, attempt, { ...nothing, arrays });
      expect(await roomy.readRunArray(second, 'b')).toEqual(arrays.b);
      roomy.close();
    },
  );

  test('for the database is named as such and leaves the project as it was', () => {
    const { path, runId } = projectWithRun();
    const db = new Sqlite(join(path, 'project.sqlite'));
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true }) as number}`);
    const fill = (): void => void db.prepare("INSERT INTO note VALUES ('k', ?)").run('x'.repeat(100_000));
    let refusal: unknown;
    try {
      fill();
    } catch (error) {
      refusal = projectError(path, error);
    }
    expect(refusal).toMatchObject({ code: 'project.disk-full' });
    db.close();
    const project = openProject(path);
    expect(project.note('k')).toBeUndefined();
    expect(project.run(runId).status).toBe('finished');
    project.close();
  });
});

describe('a damaged array file', () => {
  const damages: [string, (file: string) => void, string][] = [
    ['cut in its values', (file) => truncateSync(file, 2000), 'is 2000 bytes long and should have 4128'],
    ['cut in its header', (file) => truncateSync(file, 50), 'is only 50 bytes long'],
    ['empty', (file) => truncateSync(file, 0), 'is only 0 bytes long'],
    ['too long', (file) => appendFileSync(file, 'x'), 'is 4129 bytes long and should have 4128'],
    ['changed in one bit', (file) => changeByte(file, 3000), 'does not match its checksum'],
    ['changed in its shape', (file) => changeByte(file, 24), 'has a header that makes no sense'],
    ['changed in its checksum', (file) => changeByte(file, 100), 'has a changed header'],
    [
      'overwritten by text',
      (file) => writeFileSync(file, 'text '.repeat(1000)),
      'does not begin as an array file does',
    ],
    ['missing', (file) => fs.rmSync(file), 'is missing'],
  ];

  test.each(damages)('that is %s is named, and the others are read', async (_, damage, reason) => {
    const { path, runId } = projectWithRun();
    const project = openProject(path);
    damage(fileOf(project, runId, 'layout'));
    await expect(project.readRunArray(runId, 'layout')).rejects.toThrow(
      /The array layout of the project .* is damaged/,
    );
    await expect(project.readRunArray(runId, 'layout')).rejects.toThrow(reason);
    expect((await project.readRunArray(runId, 'embedding')).values[0]).toBe(1);
    const errors = await project.verifyArrays();
    expect(errors.map(({ message }) => message.includes('layout'))).toEqual([true]);
    project.close();
  });

  test('of the last checkpoint makes the run go on from the one before; of both, from the beginning', async () => {
    const { path } = projectWithRun();
    const project = openProject(path);
    const id = project.addRun({ request: {}, seed: 1 });
    const attempt = project.beginAttempt(id);
    const files = (): string[] => readdirSync(join(path, 'arrays'));
    const before = files();
    const added: string[] = [];
    for (const step of [5, 10]) {
      project.saveCheckpoint(id, attempt, { kind: 'k', description: { step }, arrays: { w: array(9, step) } });
      added.push(files().find((file) => !before.includes(file) && !added.includes(file))!);
    }
    changeByte(join(path, 'arrays', added[1]!), 130);
    expect(await project.loadCheckpoint(id)).toMatchObject({ description: { step: 5 } });
    truncateSync(join(path, 'arrays', added[0]!), 10);
    expect(await project.loadCheckpoint(id)).toBeNull();
    project.close();
  });

  function changeByte(file: string, place: number): void {
    const bytes = readFileSync(file);
    bytes[place]! ^= 1;
    writeFileSync(file, bytes);
  }
});

describe('a damaged database', () => {
  test.each([0.9, 0.5, 0.1])('cut to %f of its length is refused for writing and reading, and not changed', (part) => {
    const { path } = projectWithRun();
    const file = join(path, 'project.sqlite');
    truncateSync(file, Math.floor(fs.statSync(file).size * part));
    const before = readFileSync(file);
    for (const open of [openProject, openProjectReadOnly])
      expect(codeOf(() => open(path))).toBe('project.damaged-database');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('of no length at all is no project', () => {
    const { path } = projectWithRun();
    truncateSync(join(path, 'project.sqlite'), 0);
    expect(codeOf(() => openProject(path))).toBe('project.not-a-project');
  });
});

describe('what the system refuses becomes an error that a person can act on', () => {
  const refusals: [string, string][] = [
    ['ENOSPC', 'project.disk-full'],
    ['EDQUOT', 'project.disk-full'],
    ['EROFS', 'project.read-only'],
    ['EACCES', 'project.read-only'],
    ['EIO', 'project.disk-fault'],
  ];
  test.each(refusals)('%s is %s', (code, expected) => {
    const error = projectError('p.cpx', Object.assign(new Error(code), { code }));
    expect(error).toMatchObject({ code: expected });
    expect((error as Error).message).toContain('p.cpx');
  });

  const sqlite: [string, string][] = [
    ['SQLITE_READONLY_DIRECTORY', 'project.read-only'],
    ['SQLITE_CANTOPEN', 'project.read-only'],
    ['SQLITE_BUSY', 'project.busy'],
    ['SQLITE_IOERR_WRITE', 'project.disk-fault'],
    ['SQLITE_CORRUPT_INDEX', 'project.damaged-database'],
  ];
  test.each(sqlite)('%s is %s', (code, expected) => {
    expect(projectError('p.cpx', new Sqlite.SqliteError('m', code))).toMatchObject({ code: expected });
  });

  test('and a fault of ours stays one', () => {
    const fault = new TypeError('x is undefined');
    expect(projectError('p.cpx', fault)).toBe(fault);
    const constraint = new Sqlite.SqliteError('UNIQUE constraint failed', 'SQLITE_CONSTRAINT_UNIQUE');
    expect(projectError('p.cpx', constraint)).toBe(constraint);
  });
});
