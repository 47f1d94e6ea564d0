import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import { SpillFile, spillFolder, spillRoom } from '#formats/spill/spill-file';
import { openSpills } from '#test/support/open-spills';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

test('bytes come back from where they were written; closing leaves nothing', () => {
  const folder = newFolder();
  const file = new SpillFile(folder);
  const first = file.append(Uint8Array.of(1, 2, 3));
  const second = file.append(Uint8Array.of(4, 5));
  const bytes = new Uint8Array(2);
  file.read(bytes, second);
  expect([first, second, file.length, Array.from(bytes)]).toEqual([0, 3, 5, [4, 5]]);
  file.read(bytes, 1);
  expect(Array.from(bytes)).toEqual([2, 3]);
  expect(() => file.read(bytes, 4)).toThrow('5 bytes');
  file.close();
  file.close();
  expect(readdirSync(folder)).toEqual([]);
  expect(openSpills()).toEqual([]);
});

test('a process that is killed leaves no file', async () => {
  const folder = newFolder();
  const code = `
    import { SpillFile } from '#formats/spill/spill-file';
    const file = new SpillFile(process.argv[1]);
    file.append(new Uint8Array(100000));
    console.log(file.path);
    setInterval(() => file.length, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  expect(line.toString()).toContain(`cellpredx-rows-${child.pid}-`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  new SpillFile(folder).close(); // the next one clears up where the system could not
  expect(existsSync(line.toString().trim())).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});

test('files of processes that are gone are removed, those of running ones and of others stay', () => {
  const folder = newFolder();
  const gone = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
  const name = (pid: number): string => `cellpredx-rows-${pid}-0123456789ab.spill`;
  for (const file of [name(gone), name(process.pid), 'cellpredx-rows-notes.txt'])
    writeFileSync(join(folder, file), 'x');
  new SpillFile(folder).close();
  expect(readdirSync(folder).sort()).toEqual([name(process.pid), 'cellpredx-rows-notes.txt'].sort());
});

test('a folder that cannot be written to is named', () => {
  const folder = join(newFolder(), 'missing');
  let thrown: unknown;
  try {
    new SpillFile(folder);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(AppError);
  expect(thrown).toMatchObject({ code: 'writing.failed' });
  expect((thrown as AppError).message).toContain(folder);
});

test('the folder is there and has room; one that is missing has none', () => {
  expect(spillRoom()).toBeGreaterThan(0);
  expect(readdirSync(spillFolder())).toBeInstanceOf(Array);
  expect(spillRoom(join(newFolder(), 'missing'))).toBe(0);
});
