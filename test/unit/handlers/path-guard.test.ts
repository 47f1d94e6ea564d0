import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browseFolder } from '#handlers/browse-folder';
import { lies, type PathGuard, pathGuard } from '#handlers/path-guard';

let base: string;
let guard: PathGuard;
beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'cpx-guard-')));
  for (const folder of ['open/inner', 'open/Project.cpx', 'open-not', 'secret', 'sample']) {
    await mkdir(join(base, folder), { recursive: true });
  }
  for (const file of ['open/a.h5ad', 'open/b10.h5ad', 'open/b9.h5ad', 'open/.hidden', 'secret/key', 'sample/s.h5ad']) {
    await writeFile(join(base, file), 'x');
  }
  await symlink(join(base, 'secret'), join(base, 'open/way-out'));
  await symlink(join(base, 'secret/key'), join(base, 'open/key'));
  await symlink(join(base, 'open/a.h5ad'), join(base, 'open/alias.h5ad'));
  await symlink(join(base, 'nowhere'), join(base, 'open/dangling'));
  guard = await pathGuard([join(base, 'open')], [join(base, 'sample')]);
});
afterAll(() => rm(base, { recursive: true }));

describe('a guard with roots', () => {
  test('lets files inside pass and follows their links', async () => {
    expect(await guard.existing(join(base, 'open/a.h5ad'))).toBe(join(base, 'open/a.h5ad'));
    expect(await guard.existing(join(base, 'open/alias.h5ad'))).toBe(join(base, 'open/a.h5ad'));
    expect(await guard.existing(join(base, 'open'))).toBe(join(base, 'open'));
  });

  test.each([
    'secret/key',
    'open/way-out/key',
    'open/key',
    'open/../secret/key',
    'open-not',
    '',
    '../..',
    'secret/absent',
  ])('refuses %j, which leads outside', async (path) => {
    await expect(guard.existing(join(base, path))).rejects.toMatchObject({ code: 'request.outside-roots' });
  });

  test('says that a file inside is absent, and does not say it of a file outside', async () => {
    await expect(guard.existing(join(base, 'open/absent'))).rejects.toMatchObject({ code: 'reading.no-such-file' });
    await expect(guard.existing(join(base, 'open/a.h5ad/x'))).rejects.toMatchObject({ code: 'reading.no-such-file' });
    await expect(guard.existing(join(base, 'absent'))).rejects.toMatchObject({ code: 'request.outside-roots' });
  });

  test('lets new files be made inside, not outside and not behind a link that leads out', async () => {
    expect(await guard.writable(join(base, 'open/new/deep/x.csv'))).toBe(join(base, 'open/new/deep/x.csv'));
    for (const path of ['secret/new', 'open/way-out/new', 'open/new/../../secret/new', 'open-not/x']) {
      await expect(guard.writable(join(base, path))).rejects.toMatchObject({ code: 'request.outside-roots' });
    }
  });

  test('lets the sample study be read and not be written', async () => {
    expect(await guard.existing(join(base, 'sample/s.h5ad'))).toBe(join(base, 'sample/s.h5ad'));
    await expect(guard.writable(join(base, 'sample/x'))).rejects.toMatchObject({ code: 'request.outside-roots' });
  });
});

test('a guard without roots lets every path pass and still says what is absent', async () => {
  const open = await pathGuard(null);
  expect(await open.existing(join(base, 'secret/key'))).toBe(join(base, 'secret/key'));
  await expect(open.existing(join(base, 'absent'))).rejects.toMatchObject({ code: 'reading.no-such-file' });
});

test('a root that does not exist is refused at the start', async () => {
  await expect(pathGuard([join(base, 'absent')])).rejects.toMatchObject({ code: 'reading.no-such-file' });
});

test.each([
  ['/a/b', '/a', true],
  ['/a', '/a', true],
  ['/ab', '/a', false],
  ['/', '/a', false],
  ['/a/..b', '/a', true],
  ['/a', '/', true],
])('lies(%j, %j) is %j', (path, folder, expected) => {
  expect(lies(path, folder)).toBe(expected);
});

describe('browsing', () => {
  test('lists folders and projects first, numbers in order, and leaves out what is hidden or leads outside', async () => {
    const folder = await browseFolder(join(base, 'open'), guard);
    expect(folder.entries.map((entry) => [entry.name, entry.kind])).toEqual([
      ['inner', 'folder'],
      ['Project.cpx', 'project'],
      ['a.h5ad', 'file'],
      ['alias.h5ad', 'file'],
      ['b9.h5ad', 'file'],
      ['b10.h5ad', 'file'],
    ]);
    expect(folder).toMatchObject({ path: join(base, 'open'), parent: null, omitted: 0 });
    expect(folder.entries[2]).toMatchObject({ path: join(base, 'open/a.h5ad'), sizeBytes: 1 });
  });

  test('shows the way up only as far as the root', async () => {
    expect((await browseFolder(join(base, 'open/inner'), guard)).parent).toBe(join(base, 'open'));
  });

  test('begins with the roots', async () => {
    const roots = await browseFolder(null, guard);
    expect(roots.entries.map((entry) => entry.path)).toEqual([join(base, 'open')]);
    expect(roots.entries[0]!.name).toBe('open');
  });

  test.each(['secret', 'open/way-out', 'open/inner/../../secret'])('refuses to list %s', async (path) => {
    await expect(browseFolder(join(base, path), guard)).rejects.toMatchObject({ code: 'request.outside-roots' });
  });

  test('refuses to list a file', async () => {
    await expect(browseFolder(join(base, 'open/a.h5ad'), guard)).rejects.toMatchObject({
      code: 'request.not-a-folder',
    });
  });
});
