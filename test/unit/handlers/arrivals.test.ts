import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { arrivalsIn, baseName } from '#handlers/arrivals';
import { clearArrivals } from '#handlers/clear-arrivals';
import { recentProjects } from '#handlers/recent-projects';
import { createProject } from '#store/project';

let folder: string;
let dropped: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cpx-arrivals-'));
  dropped = join(folder, 'Dropped files');
});
afterEach(() => rm(folder, { recursive: true }));

const together = 'abcdefghij0123456789';
const bytes = (text: string): AsyncIterable<Uint8Array> => Readable.from([Buffer.from(text)]);
const plenty = (): Promise<number> => Promise.resolve(2 ** 40);

test('a file arrives under its name, beside the others of its drop and apart from those of another', async () => {
  const arrivals = arrivalsIn(dropped, plenty);
  const bring = async (name: string, text: string, drop = together): Promise<string> => {
    const { ticket } = await arrivals.announce({ name, sizeBytes: text.length, together: drop });
    return arrivals.receive(ticket, bytes(text));
  };
  const matrix = await bring('matrix.mtx', 'one');
  await bring('features.tsv', 'two');
  const other = await bring('matrix.mtx', 'three', 'another-drop');
  expect(matrix.endsWith(join(together, 'matrix.mtx'))).toBe(true);
  expect((await readdir(join(dropped, together))).sort()).toEqual(['features.tsv', 'matrix.mtx']);
  expect([await readFile(matrix, 'utf8'), await readFile(other, 'utf8')]).toEqual(['one', 'three']);
  await expect(bring('matrix.mtx', 'four')).rejects.toMatchObject({ code: 'request.file-already-there' });
  expect(await readFile(matrix, 'utf8')).toBe('one');
});

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\data\\study.h5ad', 'study.h5ad'],
  ['Größe 1.csv', 'Größe 1.csv'],
])('of the name %s only %s is used', (told, name) => {
  expect(baseName(told)).toBe(name);
});

test.each(['..', '.', 'folder/', 'a\u0000b', 'a:b', 'x'.repeat(300)])('the name %j is refused', (told) => {
  expect(() => baseName(told)).toThrow(/cannot be kept under the name/);
});

test('a file that does not fit is refused before a byte is sent, with both sizes; what is on its way counts', async () => {
  const arrivals = arrivalsIn(dropped, () => Promise.resolve(256 * 2 ** 20 + 5e9));
  await arrivals.announce({ name: 'a.h5ad', sizeBytes: 3e9, together });
  await expect(arrivals.announce({ name: 'b.h5ad', sizeBytes: 3e9, together })).rejects.toMatchObject({
    code: 'request.no-room-for-file',
    message: expect.stringMatching(/^b\.h5ad has 3\.0 GB, and 2\.0 GB are free/) as string,
  });
});

test('bytes that end early, or are more than announced, leave nothing', async () => {
  const arrivals = arrivalsIn(dropped, plenty);
  for (const text of ['ab', 'abcdef']) {
    const { ticket } = await arrivals.announce({ name: 'a.csv', sizeBytes: 4, together });
    await expect(arrivals.receive(ticket, bytes(text))).rejects.toMatchObject({ code: 'request.file-cut-off' });
  }
  expect(await readdir(join(dropped, together))).toEqual([]);
});

test('a ticket is good once, and no other one is', async () => {
  const arrivals = arrivalsIn(dropped, plenty);
  const { ticket } = await arrivals.announce({ name: 'a.csv', sizeBytes: 1, together });
  await arrivals.receive(ticket, bytes('a'));
  for (const used of [ticket, '', '../x'])
    await expect(arrivals.receive(used, bytes('a'))).rejects.toMatchObject({ code: 'request.no-such-ticket' });
});

test('old files that no run reads are removed; used and young ones stay, and all where a project cannot be read', async () => {
  const project = createProject(join(folder, 'A.cpx'), { name: 'A' });
  project.addRun({ request: { reference: [{ path: join(dropped, 'used-by-a-run-00', 'a.csv') }] }, seed: 1 });
  project.close();
  const eightDaysAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
  for (const name of ['used-by-a-run-00', 'used-by-nobody-0', 'of-this-week-000']) {
    await mkdir(join(dropped, name), { recursive: true });
    await writeFile(join(dropped, name, 'a.csv'), 'x');
    if (!name.startsWith('of')) await utimes(join(dropped, name), eightDaysAgo, eightDaysAgo);
  }
  const recent = recentProjects(join(folder, 'recent.json'));
  await mkdir(join(folder, 'Broken.cpx'));
  expect(await clearArrivals(dropped, folder, recent)).toEqual([]);
  await rm(join(folder, 'Broken.cpx'), { recursive: true });
  expect(await clearArrivals(dropped, folder, recent)).toEqual(['used-by-nobody-0']);
  expect(existsSync(join(dropped, 'used-by-a-run-00', 'a.csv'))).toBe(true);
  expect(await clearArrivals(join(folder, 'never made'), folder, recent)).toEqual([]);
});
