import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Cancelled } from '#core/base/cancel';
import { type ChildExit, forkNode, type StartChild } from '#jobs/compute-child';
import { temporaryFolders } from '#test/support/temporary-folder';
import { askWorkProcess } from '../../../src-main/cli/ask-work-process.ts';
import { placingResults } from '../../../src-main/cli/placing-results.ts';
import type { FromWork, ToWork, WorkTask } from '../../../src-main/cli/work-messages.ts';

const newFolder = temporaryFolders();
const task: WorkTask = { kind: 'copy', choice: { path: 'a.h5ad', repairs: [] }, target: 'b.h5ad' };

/** A program that does what `body` says once it has its task. */
function program(body: string): StartChild<ToWork, FromWork> {
  const entry = join(newFolder(), 'work.mjs');
  writeFileSync(entry, `process.on('SIGINT', () => {});\nprocess.on('message', (message) => { ${body} });\n`);
  return forkNode({ entry });
}

const unheard = new AbortController().signal;

describe('askWorkProcess', () => {
  test('gives back the answer', async () => {
    const start = program("process.send({ kind: 'done', answer: { cells: 3, features: 4 } }, () => process.exit(0));");
    expect(await askWorkProcess(task, { signal: unheard, start })).toEqual({ cells: 3, features: 4 });
  });

  test('ends a process that is too busy to hear of cancelling', async () => {
    const cancel = new AbortController();
    const pid = Promise.withResolvers<number>();
    const busy = program("process.send({ kind: 'engine', name: 'busy' }); for (;;);");
    const start: typeof busy = (listeners) => {
      const child = busy(listeners);
      pid.resolve(child.pid!);
      return child;
    };
    const progress = {
      engine: () => cancel.abort(),
      stage: () => undefined,
      step: () => undefined,
      end: () => undefined,
    };
    const asked = askWorkProcess(task, { signal: cancel.signal, progress, graceMs: 50, start });
    await expect(asked).rejects.toBeInstanceOf(Cancelled);
    const gone = await pid.promise;
    expect(() => process.kill(gone, 0)).toThrow('ESRCH');
  });

  test('lets a process that hears of it end by itself', async () => {
    const cancel = new AbortController();
    const start = program(`if (message.kind === 'task') process.send({ kind: 'engine', name: 'ready' });
      else process.send({ kind: 'cancelled' }, () => process.exit(0));`);
    let exit: ChildExit | undefined;
    const watched: typeof start = ({ onMessage, onExit }) =>
      start({
        onMessage,
        onExit: (how) => {
          exit = how;
          onExit(how);
        },
      });
    const progress = {
      engine: () => cancel.abort(),
      stage: () => undefined,
      step: () => undefined,
      end: () => undefined,
    };
    const asked = askWorkProcess(task, { signal: cancel.signal, progress, graceMs: 50_000, start: watched });
    await expect(asked).rejects.toBeInstanceOf(Cancelled);
    expect(exit).toMatchObject({ code: 0, signal: null });
  });

  test.each([
    [
      "process.send({ kind: 'failed', error: { code: 'x', message: 'no', remedy: 'yes' } }, () => process.exit(0))",
      'no',
    ],
    ["process.send({ kind: 'fault', trace: 'Error: ours at line 3' }, () => process.exit(0))", 'in the work process'],
    ['process.exit(7)', 'exit code 7'],
    ["process.kill(process.pid, 'SIGKILL')", 'SIGKILL'],
  ])('tells how it went wrong: %s', async (body, words) => {
    const asked = askWorkProcess(task, { signal: unheard, start: program(`${body};`) });
    await expect(asked).rejects.toThrow(words);
    await asked.catch((error: Error) => {
      if (body.includes('fault')) expect(error.stack).toBe('Error: ours at line 3');
    });
  });

  test('starts nothing once it was cancelled', async () => {
    const start = (): never => expect.fail('started');
    await expect(askWorkProcess(task, { signal: AbortSignal.abort(), start })).rejects.toBeInstanceOf(Cancelled);
  });
});

test('results that are made while cancelling comes are not put in their places', async () => {
  const folder = newFolder();
  const cancel = new AbortController();
  const directory = join(folder, 'results');
  const placed = placingResults(directory, cancel.signal, async () => {
    cancel.abort();
    return { staged: { directory, staging: join(directory, '.cellpredx-1.part'), files: [] } };
  });
  await expect(placed).rejects.toBeInstanceOf(Cancelled);
});
