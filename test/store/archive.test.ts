import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BlobReader, BlobWriter, TextReader, ZipReader, ZipWriter } from '@zip.js/zip.js';
import { describe, expect, test } from 'vitest';
import { exportProject, importProject } from '#store/archive';
import { createProject, openProject, openProjectReadOnly } from '#store/project';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();
const values = (fill: number) => ({ shape: [50, 2], values: new Float32Array(100).fill(fill) });

/** A project with a finished run, an interrupted one with a checkpoint, and one that goes on. */
function busyProject(folder: string): { path: string; finished: string; interrupted: string; running: string } {
  const project = createProject(join(folder, 'Liver.cpx'));
  const begin = (seed: number): [string, number] => {
    const id = project.addRun({ request: { seed }, seed });
    return [id, project.beginAttempt(id)];
  };
  const [finished, a] = begin(1);
  project.finishRun(finished, a, {
    documents: { summary: { ok: true } },
    arrays: { embedding: values(1) },
    stages: [],
  });
  const [interrupted, b] = begin(2);
  project.saveCheckpoint(interrupted, b, { kind: 'k', description: { step: 3 }, arrays: { w: values(2) } });
  project.endRun(interrupted, { status: 'interrupted' });
  const [running, c] = begin(3);
  project.saveCheckpoint(running, c, { kind: 'k', description: { step: 4 }, arrays: { w: values(3) } });
  project.close();
  return { path: project.path, finished, interrupted, running };
}

describe('a project as one zip', () => {
  test('comes back with its results and what can be resumed, also while it is open elsewhere', async () => {
    const folder = newFolder();
    const { path, finished, interrupted, running } = busyProject(folder);
    const open = openProject(path);
    await exportProject(path, join(folder, 'Liver.zip'));
    expect(open.run(running).status).toBe('running');
    open.close();
    expect(readdirSync(folder).sort()).toEqual(['Liver.cpx', 'Liver.zip']);

    const copy = join(folder, 'elsewhere', 'Copy.cpx');
    await importProject(join(folder, 'Liver.zip'), copy);
    const project = openProject(copy);
    expect(project.info().name).toBe('Liver');
    expect(project.runs().map(({ id, status }) => [id, status])).toEqual([
      [running, 'interrupted'],
      [interrupted, 'interrupted'],
      [finished, 'finished'],
    ]);
    expect(await project.readRunArray(finished, 'embedding')).toEqual(values(1));
    expect(project.runDocument(finished, 'summary')).toEqual({ ok: true });
    expect(await project.loadCheckpoint(interrupted)).toMatchObject({ description: { step: 3 } });
    expect(await project.loadCheckpoint(running)).toBeNull();
    expect(await project.verifyArrays()).toEqual([]);
    project.close();
  });

  test('is refused in words when it is cut, changed, something else or not there, and leaves nothing behind', async () => {
    const folder = newFolder();
    const { path } = busyProject(folder);
    const zip = join(folder, 'Liver.zip');
    await exportProject(path, zip);
    const whole = readFileSync(zip);
    const target = join(folder, 'in.cpx');

    truncateSync(zip, statSync(zip).size >> 1);
    await expect(importProject(zip, target)).rejects.toThrow('it is not a whole zip file');
    writeFileSync(zip, 'not a zip');
    await expect(importProject(zip, target)).rejects.toThrow('it is not a whole zip file');
    const changed = Buffer.from(whole);
    changed[whole.length >> 2]! ^= 255;
    writeFileSync(zip, changed);
    await expect(importProject(zip, target)).rejects.toMatchObject({ code: 'project.damaged-archive' });
    await expect(importProject(join(folder, 'none.zip'), target)).rejects.toThrow('there is no such file');

    writeFileSync(zip, whole);
    await expect(importProject(zip, path)).rejects.toMatchObject({ code: 'project.already-exists' });
    expect(existsSync(target)).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['Liver.cpx', 'Liver.zip']);
  });

  test.each(['../outside.txt', 'notes.txt', 'arrays/x.cpxarray'])('with the entry %s is refused', async (name) => {
    const folder = newFolder();
    const { path } = busyProject(folder);
    const zip = join(folder, 'Liver.zip');
    await exportProject(path, zip);
    const writer = new ZipWriter(new BlobWriter());
    const reader = new ZipReader(new BlobReader(new Blob([readFileSync(zip)])));
    for (const entry of await reader.getEntries())
      if (!entry.directory) await writer.add(entry.filename, new BlobReader(await entry.getData(new BlobWriter())));
    await writer.add(name, new TextReader('x'));
    writeFileSync(zip, Buffer.from(await (await writer.close()).arrayBuffer()));
    const refusal = name.startsWith('..') ? 'Unsafe filename' : `it holds ${name}, which is no part of a project`;
    await expect(importProject(zip, join(folder, 'in.cpx'))).rejects.toThrow(refusal);
    expect(existsSync(join(folder, 'in.cpx'))).toBe(false);
    expect(existsSync(join(folder, 'outside.txt'))).toBe(false);
  });

  test('without a database is refused', async () => {
    const folder = newFolder();
    const writer = new ZipWriter(new BlobWriter());
    writeFileSync(join(folder, 'a.zip'), Buffer.from(await (await writer.close()).arrayBuffer()));
    await expect(importProject(join(folder, 'a.zip'), join(folder, 'in.cpx'))).rejects.toThrow(
      'it holds no project.sqlite',
    );
  });

  test('names an array that cannot go in, and makes no zip', async () => {
    const folder = newFolder();
    const { path, finished } = busyProject(folder);
    const reader = openProjectReadOnly(path);
    const [row] = reader.runArrays(finished);
    reader.close();
    truncateSync(join(path, 'arrays', `${row!.hash}.cpxarray`), 140);
    await expect(exportProject(path, join(folder, 'out.zip'))).rejects.toMatchObject({ code: 'project.damaged-array' });
    expect(readdirSync(folder)).toEqual(['Liver.cpx']);
  });
});
