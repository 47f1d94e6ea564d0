import { expect, test } from 'vitest';
import { dialogOptions, fileDialogs } from '#app/file-dialogs';
import { helpLinks, menuTemplate } from '#app/menu';
import { requests } from '#contract/requests';

const purposes = requests['files:choose'].shape.purpose.options;
const labelsOf = (platform: NodeJS.Platform): string[] =>
  menuTemplate(platform, { showProjects: () => undefined, openLink: () => undefined }, { developer: false }).map(
    (item) => item.label ?? item.role ?? '',
  );

test('the menu has File, Edit, View and Help, and the application itself first on macOS', () => {
  expect(labelsOf('linux')).toEqual(['&File', 'editMenu', '&View', 'help']);
  expect(labelsOf('win32')).toEqual(labelsOf('linux'));
  expect(labelsOf('darwin')).toEqual(['appMenu', ...labelsOf('linux')]);
});

test('the developer tools are in the menu of a developer only', () => {
  const text = (developer: boolean): string =>
    JSON.stringify(menuTemplate('linux', { showProjects: () => undefined, openLink: () => undefined }, { developer }));
  expect(text(false)).not.toContain('toggleDevTools');
  expect(text(true)).toContain('toggleDevTools');
});

test('the items of File and Help do what they say', () => {
  const done: string[] = [];
  const menu = menuTemplate(
    'linux',
    { showProjects: () => done.push('projects'), openLink: (url) => done.push(url) },
    { developer: false },
  );
  for (const item of menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))) {
    item.click?.(undefined as never, undefined, undefined as never);
  }
  expect(done).toEqual(['projects', ...Object.values(helpLinks)]);
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
