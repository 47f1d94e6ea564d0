import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { SideError, type SideProcess, sideProcess } from '#handlers/side-process';
import type { SideQuestion } from '#handlers/side-questions';

const entry = fileURLToPath(new URL('../../fixtures/side-programs/answers.mjs', import.meta.url));
let side: SideProcess = sideProcess({ nodePath: process.execPath, entry });
afterEach(() => {
  side.close();
  side = sideProcess({ nodePath: process.execPath, entry });
});

const ask = (path: string, seconds = 20): Promise<unknown> =>
  side.ask({ kind: 'inspect', choice: { path, repairs: [] } }, { about: path, seconds });

test('an answer crosses with its typed arrays, and the process waits for the next question', async () => {
  const first = (await ask('a')) as { pid: number; values: Float32Array };
  const second = (await ask('b')) as { pid: number };
  expect(first.values).toEqual(Float32Array.of(1, 2));
  expect(second.pid).toBe(first.pid);
});

test('a process started ahead answers the first question', async () => {
  const ahead = sideProcess({ nodePath: process.execPath, entry });
  ahead.warmUp();
  const answers = await Promise.all(
    ['a', 'b'].map((path) =>
      ahead.ask({ kind: 'inspect', choice: { path, repairs: [] } }, { about: path, seconds: 20 }),
    ),
  );
  expect(new Set(answers.map((answer) => (answer as { pid: number }).pid)).size).toBe(2); // the waiting one and one more
  ahead.close();
});

test('a process that could not be started ahead is not asked', async () => {
  const ahead = sideProcess({ nodePath: '/nowhere/node', entry });
  ahead.warmUp();
  await expect(
    ahead.ask({ kind: 'inspect', choice: { path: 'a', repairs: [] } }, { about: 'a', seconds: 20 }),
  ).rejects.toThrow();
  ahead.close();
});

test('an error for the person keeps its code and words', async () => {
  const error = await ask('error').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SideError);
  expect((error as SideError).toWire()).toEqual({ code: 'reading.x', message: 'says', remedy: 'mend' });
});

test('a fault keeps its trace and is no error of the person', async () => {
  await expect(ask('fault')).rejects.toThrow('in the side process: Error: inside');
});

test('a crash is told with the file it happened on, and the next question is answered', async () => {
  await expect(ask('crash')).rejects.toMatchObject({
    code: 'request.inspection-ended',
    message: expect.stringMatching(/^Looking into crash ended before it was done: signal SIGABRT/) as string,
  });
  await expect(ask('exit')).rejects.toMatchObject({
    message: expect.stringContaining('exit code 3 (last words)') as string,
  });
  await expect(ask('a')).resolves.toMatchObject({ values: Float32Array.of(1, 2) });
});

test('a question whose process was ended from outside is asked once more, and told when that was of no use', async () => {
  const mark = join(await mkdtemp(join(tmpdir(), 'side-')), 'asked');
  await expect(ask(`killed once, then: ${mark}`)).resolves.toBe('asked again');
  await expect(ask('killed')).rejects.toMatchObject({
    code: 'request.inspection-killed',
    message: expect.stringContaining('Looking into killed was ended from outside (SIGKILL)') as string,
  });
  await expect(ask('a')).resolves.toMatchObject({ values: Float32Array.of(1, 2) });
});

test('a question whose answer writes files is not asked again', async () => {
  const directory = `killed once, then: ${join(await mkdtemp(join(tmpdir(), 'side-')), 'asked')}`;
  const question: SideQuestion = { kind: 'export', projectPath: 'p', runId: 'r', directory, threshold: undefined };
  await expect(side.ask(question, { about: directory, seconds: 20 })).rejects.toMatchObject({
    code: 'request.inspection-killed',
  });
});

test('a question that takes too long is given up', async () => {
  await expect(ask('hang', 0.5)).rejects.toMatchObject({ code: 'request.inspection-too-slow' });
});

test('what is told on the way is heard, and who tells is not given up', async () => {
  const told: number[] = [];
  const progress = ({ fraction }: { fraction: number }): void => void told.push(fraction);
  const question: SideQuestion = { kind: 'inspect', choice: { path: 'telling', repairs: [] } };
  await expect(side.ask(question, { about: 'telling', seconds: 0.7, progress })).resolves.toBe('told');
  expect(told).toEqual([0, 0.5, 1]);
});

test('a question that is taken back ends, also while it waits for its turn, and the next is answered', async () => {
  const question: SideQuestion = { kind: 'inspect', choice: { path: 'hang', repairs: [] } };
  const stop = new AbortController();
  const asked = Array.from({ length: 3 }, () =>
    side.ask(question, { about: 'hang', seconds: 20, signal: stop.signal }).catch((error: unknown) => error),
  );
  setTimeout(() => stop.abort(), 100);
  for (const error of await Promise.all(asked)) expect(error).toMatchObject({ code: 'request.taken-back' });
  await expect(ask('a')).resolves.toMatchObject({ values: Float32Array.of(1, 2) });
});

test('at most two are asked at once and none is forgotten', async () => {
  const pids = (await Promise.all(['slow', 'slow', 'slow', 'slow', 'slow'].map((path) => ask(path)))) as number[];
  expect(new Set(pids).size).toBeLessThanOrEqual(2);
  expect(pids).toHaveLength(5);
});

test('a program that cannot be started is a fault of ours', async () => {
  side = sideProcess({ nodePath: '/nowhere/node', entry });
  await expect(ask('a')).rejects.toThrow('ENOENT');
});
