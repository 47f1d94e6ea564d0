import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { beginFolder } from '#store/place-folder';
import { createProject } from '#store/project';
import { takeQueueLock } from '#store/queue-lock';
import { isAbandoned, temporaryName } from '#store/temporary-name';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

describe('the lock of a queue', () => {
  test('is one process at a time, names its holder, and is free after release', () => {
    const { path } = createProject(join(newFolder(), 'p.cpx'));
    const lock = takeQueueLock(path);
    expect(() => takeQueueLock(path)).toThrow(`are managed by process ${process.pid} on ${hostname()}`);
    lock.release();
    lock.release();
    takeQueueLock(path).release();
  });

  test('of a process that was killed is free at once', async () => {
    const project = createProject(join(newFolder(), 'p.cpx'));
    const { path } = project;
    project.close();
    const code = `const { takeQueueLock } = await import('#store/queue-lock'); takeQueueLock(process.argv[1]); console.log('held'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', code, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((held) => holder.stdout.once('data', held));
    expect(() => takeQueueLock(path)).toThrow(`are managed by process ${holder.pid} on`);
    const gone = new Promise((done) => holder.once('close', done));
    holder.kill('SIGKILL');
    await gone;
    takeQueueLock(path).release();
  });
});

describe('a folder in the making', () => {
  test('appears when it is whole, and a killed try is cleared away by the next', () => {
    const folder = newFolder();
    const host = hostname().replace(/[^A-Za-z0-9]/g, '');
    const left = join(folder, `.p.cpx~${host}~${2 ** 22 + 1}~1~1.part`); // above the largest process id of any system
    mkdirSync(left);
    writeFileSync(join(left, 'project.sqlite'), 'half');
    const place = beginFolder(join(folder, 'p.cpx'));
    expect(existsSync(left)).toBe(false);
    expect(existsSync(join(folder, 'p.cpx'))).toBe(false);
    writeFileSync(join(place.draft, 'x'), 'x');
    place.finish();
    expect(readdirSync(folder)).toEqual(['p.cpx']);
  });

  test('does not replace what came into its place meanwhile', () => {
    const folder = newFolder();
    const place = beginFolder(join(folder, 'p.cpx'));
    mkdirSync(join(folder, 'p.cpx'));
    writeFileSync(join(folder, 'p.cpx', 'mine'), 'x');
    expect(() => place.finish()).toThrow('already something');
    place.giveUp();
    expect(readdirSync(folder)).toEqual(['p.cpx']);
  });
});

describe('a temporary name', () => {
  test('is told from that of another process, another computer and from a name of a person', () => {
    const now = (): number => Date.now();
    const own = temporaryName('a');
    expect(isAbandoned(own, now)).toBe(false);
    expect(temporaryName('a')).not.toBe(own);
    const parts = own.split('~');
    const changed = (at: number, to: string): string => parts.with(at, to).join('~');
    expect(isAbandoned(changed(2, String(2 ** 22 + 1)), now)).toBe(true); // no such process
    expect(isAbandoned(changed(2, String(process.ppid)), now)).toBe(false);
    expect(isAbandoned(changed(3, '1'), now)).toBe(true); // an earlier process of this number
    expect(isAbandoned(changed(1, 'elsewhere'), now)).toBe(false);
    expect(isAbandoned(changed(1, 'elsewhere'), () => Date.now() - 8 * 24 * 3600 * 1000)).toBe(true);
    expect(isAbandoned('notes.part', now)).toBe(false);
    expect(isAbandoned('.a~b~c~d~e', now)).toBe(false);
  });
});
