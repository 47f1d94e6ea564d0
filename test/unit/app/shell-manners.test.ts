import { EventEmitter } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { keptNoticeChoice, tellEnds } from '#app/end-notices';
import { projectAmong } from '#app/project-among';
import { askBeforeQuit, quitQuestion } from '#app/quit-question';
import { careForWindow } from '#app/window-care';
import type { RunEvent } from '#contract/run-events';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();
const answering = (response: number) => ({ showMessageBox: vi.fn(() => Promise.resolve({ response })) });

test('a project is found among the words of a start; options, other files and folders that only look like one are not', () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'Liver.cpx'));
  writeFileSync(join(folder, 'Liver.cpx/project.sqlite'), '');
  mkdirSync(join(folder, 'Empty.cpx'));
  const among = (...words: string[]): string | null => projectAmong(['program', ...words], folder);
  expect(among('--flag', 'a.h5ad', 'Empty.cpx', 'Liver.cpx')).toBe(join(folder, 'Liver.cpx'));
  expect(among(join(folder, 'Liver.cpx') + '/')).toBe(join(folder, 'Liver.cpx'));
  expect(among('--project=Liver.cpx', 'Empty.cpx')).toBeNull();
  expect(projectAmong([join(folder, 'Liver.cpx')], folder)).toBeNull(); // the program itself
});

test.each([
  [0, 'keep-computing'],
  [1, 'stop-and-quit'],
  [2, 'stay'],
] as const)('quitting while runs go on asks; answer %i means %s', async (response, choice) => {
  const dialog = answering(response);
  expect(await askBeforeQuit(dialog as never, 2)).toBe(choice);
  expect(dialog.showMessageBox).toHaveBeenCalledWith(quitQuestion(2));
  expect(quitQuestion(2).buttons).toHaveLength(3);
});

test('quitting with nothing to compute asks nothing', async () => {
  const dialog = answering(2);
  expect(await askBeforeQuit(dialog as never, 0)).toBe('stop-and-quit');
  expect(dialog.showMessageBox).not.toHaveBeenCalled();
});

function caredFor(response: number) {
  let now = 0;
  const dialog = answering(response);
  const window = Object.assign(new EventEmitter(), {
    webContents: new EventEmitter(),
    reload: vi.fn(),
    close: vi.fn(),
  });
  careForWindow(window as never, dialog as never, () => now);
  const crash = (reason: string, at: number): void => {
    now = at;
    window.webContents.emit('render-process-gone', {}, { reason });
  };
  return { window, dialog, crash };
}

test('a page that crashed is loaded again; the second time within a minute the person decides', async () => {
  const { window, dialog, crash } = caredFor(1);
  crash('clean-exit', 0);
  expect(window.reload).not.toHaveBeenCalled();
  crash('crashed', 0);
  crash('oom', 61_000);
  expect(window.reload).toHaveBeenCalledTimes(2);
  expect(dialog.showMessageBox).not.toHaveBeenCalled();
  crash('crashed', 62_000);
  await vi.waitFor(() => expect(window.close).toHaveBeenCalledOnce());
});

test('a page that hangs is asked about once at a time, and loaded again on wish only', async () => {
  const wait = caredFor(0);
  wait.window.emit('unresponsive');
  wait.window.emit('unresponsive');
  await vi.waitFor(() => expect(wait.dialog.showMessageBox).toHaveBeenCalledOnce());
  expect(wait.window.reload).not.toHaveBeenCalled();
  const again = caredFor(1);
  again.window.emit('unresponsive');
  await vi.waitFor(() => expect(again.window.reload).toHaveBeenCalledOnce());
});

test('the end of a run is told with its files where it is wished and no window is in front', async () => {
  const file = join(newFolder(), 'state', 'notices.json');
  const choice = keptNoticeChoice(file);
  const listeners: ((event: RunEvent) => void)[] = [];
  const shown: unknown[] = [];
  let inFront = false;
  const run = { runId: 'r', reference: 'a.h5ad', query: 'b.h5ad' };
  tellEnds(
    {
      subscribe: (listener) => (listeners.push(listener), () => undefined),
      queue: () => Promise.resolve([{ projectPath: '/p', projectName: 'P', run } as never]),
    },
    choice,
    { inFront: () => inFront, show: (notice) => shown.push(notice) },
  );
  const tell = (kind: RunEvent['kind']): void => listeners[0]!({ kind, runId: 'r' } as RunEvent);
  tell('started');
  await Promise.resolve();
  await Promise.resolve();
  tell('finished');
  expect(shown).toEqual([]);
  choice.set(true);
  tell('cancelled');
  tell('finished');
  inFront = true;
  tell('finished');
  expect(shown).toEqual([{ title: 'Labels are ready', body: 'a.h5ad → b.h5ad' }]);
  expect(keptNoticeChoice(file).get()).toBe(true);
  writeFileSync(file, 'not what was written');
  expect(keptNoticeChoice(file).get()).toBe(false);
});
