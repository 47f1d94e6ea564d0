import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { dialogOptions, fileDialogs } from '#app/file-dialogs';
import { helpLinks, menuTemplate } from '#app/menu';
import { commands } from '#contract/commands';
import { requests } from '#contract/requests';

const idle = {
  command: () => undefined,
  chooseProject: () => undefined,
  openProject: () => undefined,
  showProjects: () => undefined,
  openLink: () => undefined,
};
const purposes = requests['files:choose'].shape.purpose.options;
const labelsOf = (platform: NodeJS.Platform): string[] =>
  menuTemplate(platform, idle, { developer: false, recent: [] }).map((item) => item.label ?? item.role ?? '');

test('the menu has File, Edit, View and Help, and the application itself first on macOS', () => {
  expect(labelsOf('linux')).toEqual(['&File', 'editMenu', '&View', 'help']);
  expect(labelsOf('win32')).toEqual(labelsOf('linux'));
  expect(labelsOf('darwin')).toEqual(['appMenu', ...labelsOf('linux')]);
});

test('the developer tools are in the menu of a developer only', () => {
  const text = (developer: boolean): string => JSON.stringify(menuTemplate('linux', idle, { developer, recent: [] }));
  expect(text(false)).not.toContain('toggleDevTools');
  expect(text(true)).toContain('toggleDevTools');
});

test('every item does what it says, and every command of the page is in the menu with its keys', () => {
  const done: string[] = [];
  const recent = [
    { path: '/p/Liver.cpx', name: 'Liver', openedAt: '2026-01-01T00:00:00Z', present: true },
    { path: '/p/Gone.cpx', name: 'Gone', openedAt: '2026-01-01T00:00:00Z', present: false },
  ];
  const menu = menuTemplate(
    'linux',
    {
      command: (id) => done.push(id),
      chooseProject: () => done.push('open-project'),
      openProject: (path) => done.push(path),
      showProjects: () => done.push('projects'),
      openLink: (url) => done.push(url),
    },
    { developer: false, recent },
  );
  const within = (items: unknown): MenuItemConstructorOptions[] =>
    Array.isArray(items) ? items.flatMap((item: MenuItemConstructorOptions) => [item, ...within(item.submenu)]) : [];
  const items = within(menu);
  for (const item of items) item.click?.(undefined as never, undefined, undefined as never);
  expect(done.toSorted()).toEqual(
    [...commands.map(({ id }) => id), '/p/Liver.cpx', 'projects', ...Object.values(helpLinks)].toSorted(),
  );
  const keys = items.map(({ accelerator }) => accelerator).filter((known) => known !== undefined);
  expect(keys.toSorted()).toEqual(commands.map(({ menuKeys }) => menuKeys).toSorted());
});

test('without projects there are no recent ones to choose', () => {
  expect(JSON.stringify(menuTemplate('linux', idle, { developer: false, recent: [] }))).toContain(
    '"label":"Recent Projects","enabled":false',
  );
});

test.each(purposes)('the dialog for %s has a title and reads only', (purpose) => {
  const options = dialogOptions(purpose);
  expect(options.title).not.toBe('');
  expect(options.properties!.includes('openFile')).not.toBe(options.properties!.includes('openDirectory'));
  if (options.filters !== undefined) expect(options.filters.at(-1)!.extensions).toEqual(['*']);
});

test('a dialog that was closed chooses nothing; it lies over the window where there is one', async () => {
  const shown: unknown[][] = [];
  let answer = { canceled: false, filePaths: ['/data/a.h5ad', '/data/b.h5ad'] };
  const dialog = { showOpenDialog: (...args: unknown[]) => (shown.push(args), Promise.resolve(answer)) };
  const window = { id: 1 };
  const over = fileDialogs(dialog as never, () => window as never);
  expect(await over.choose('study-files')).toEqual(['/data/a.h5ad', '/data/b.h5ad']);
  answer = { canceled: true, filePaths: [] };
  expect(await fileDialogs(dialog as never, () => undefined).choose('project')).toEqual([]);
  expect(shown).toEqual([[window, dialogOptions('study-files')], [dialogOptions('project')]]);
});
