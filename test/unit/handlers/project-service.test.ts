import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import { folderName, projectService } from '#handlers/project-service';
import { recentProjects } from '#handlers/recent-projects';
import type { SideProcess } from '#handlers/side-process';
import type { Jobs } from '#jobs/queue-types';
import { missing } from './stand-in-services.ts';

const side = missing<SideProcess>('side');
let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'cpx-projects-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('projects', () => {
  test('a new one is opened, its queue taken over, and it comes first among the recent ones', async () => {
    const attached: string[] = [];
    const jobs = missing<Jobs>('jobs', { attach: (path) => void attached.push(path) });
    const service = projectService(jobs, recentProjects(join(folder, 'state/recent.json')), side);
    const first = await service.create(folder, 'Cortex: RNA → ATAC');
    const second = await service.create(join(folder, 'new/folder'), 'B');
    expect(first).toMatchObject({
      path: join(folder, 'Cortex RNA → ATAC.cpx'),
      name: 'Cortex: RNA → ATAC',
      usedElsewhere: false,
    });
    expect(attached).toEqual([first.path, second.path]);
    await service.open(first.path);
    expect((await service.recent()).map(({ name, present }) => [name, present])).toEqual([
      ['Cortex: RNA → ATAC', true],
      ['B', true],
    ]);
    await rm(second.path, { recursive: true });
    expect((await service.recent())[1]).toMatchObject({ name: 'B', present: false });
  });

  test('one that another program computes in can be looked at', async () => {
    const path = (
      await projectService(missing<Jobs>('jobs', { attach: () => undefined }), recents(), side).create(folder, 'A')
    ).path;
    const busy = missing<Jobs>('jobs', {
      attach: () => {
        throw new AppError('project.in-use', { path, holder: 'another program' });
      },
    });
    expect(await projectService(busy, recents(), side).open(path)).toMatchObject({ name: 'A', usedElsewhere: true });
  });

  test('an export takes a name that is free in its folder, and is written beside the main process', async () => {
    const asked: unknown[] = [];
    const packing = missing<SideProcess>('side', {
      ask: async (question) => {
        asked.push(question);
        await writeFile((question as { archive: string }).archive, 'zip');
      },
    });
    const service = projectService(missing<Jobs>('jobs'), recents(), packing);
    const to = join(folder, 'new folder');
    const first = await service.export('/data/Liver.cpx', to);
    const second = await service.export('/data/Liver.cpx', to);
    expect(first).toEqual({ archive: join(to, 'Liver.cpx.zip'), sizeBytes: 3 });
    expect(second.archive).toBe(join(to, 'Liver 2.cpx.zip'));
    expect(asked[0]).toEqual({ kind: 'archive', projectPath: '/data/Liver.cpx', archive: first.archive });
  });

  test('a second one of the same name does not overwrite the first', async () => {
    const service = projectService(missing<Jobs>('jobs', { attach: () => undefined }), recents(), side);
    await service.create(folder, 'A');
    await expect(service.create(folder, 'A')).rejects.toMatchObject({ code: 'project.already-exists' });
  });

  const recents = () => recentProjects(join(folder, 'recent.json'));
});

describe('recent projects', () => {
  test('are at most twenty, each once, the latest first', async () => {
    let time = 0;
    const recent = recentProjects(join(folder, 'recent.json'), () => (time += 1000));
    await Promise.all(Array.from({ length: 25 }, (_, i) => recent.add({ path: `/p${i}`, name: `${i}` })));
    await recent.add({ path: '/p20', name: 'again' });
    const list = await recent.list();
    expect(list).toHaveLength(20);
    expect(list[0]).toEqual({ path: '/p20', name: 'again', openedAt: '1970-01-01T00:00:26.000Z', present: false });
    expect(new Set(list.map(({ path }) => path)).size).toBe(20);
  });

  test.each(['', '{', '[{"path":1}]', '{"a":1}'])(
    'a file that holds %j counts as empty and is written anew',
    async (text) => {
      const file = join(folder, 'recent.json');
      await writeFile(file, text);
      const recent = recentProjects(file);
      expect(await recent.list()).toEqual([]);
      await recent.add({ path: '/p', name: 'P' });
      expect(JSON.parse(await readFile(file, 'utf8'))).toHaveLength(1);
    },
  );
});

test.each([
  ['PBMC', 'PBMC.cpx'],
  ['a/b\\c:d', 'a b c d.cpx'],
  ['../../etc/passwd', 'etc passwd.cpx'],
  ['...', 'Project.cpx'],
  ['  x\u0000\n y. ', 'x y.cpx'],
  ['Gehirn – Maus (π)', 'Gehirn – Maus (π).cpx'],
  ['n'.repeat(300), `${'n'.repeat(80)}.cpx`],
])('the project %j lies in %j', (name, expected) => {
  expect(folderName(name)).toBe(expected);
});
