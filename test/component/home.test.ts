import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { expectAccessible } from './support/accessible.ts';
import { askedOf, projectPath, renderApp, stubScreen } from './support/render-app.ts';

vi.mock('../../src-renderer/charts/mount-chart.ts', () => ({
  mountChart: () => ({ show: () => undefined, dispose: () => undefined }),
}));

beforeEach(() => {
  localStorage.clear();
  stubScreen();
});

const summary = {
  path: projectPath,
  name: 'Trial',
  createdAt: '2026-01-01T00:00:00Z',
  usedElsewhere: false,
};
const recent = { path: projectPath, name: 'Trial', openedAt: '2026-01-02T00:00:00Z', present: true };
/** A drop of files of these names. */
const dropOf = (...names: string[]) => ({ dataTransfer: { files: names.map((name) => new File(['x'], name)) } });

test('a start page without projects teaches what to do first', async () => {
  renderApp('#/');
  const projects = await screen.findByRole('region', { name: 'Projects' });
  expect(await within(projects).findByText('No project yet')).toBeTruthy();
  expect(within(projects).getByRole('link', { name: 'First labels in five minutes' }).getAttribute('href')).toBe(
    '#/help/first-labels',
  );
  expectAccessible();
});

test('a project shows its state, its studies and a map of its last result', async () => {
  const run = {
    runId: 'run-1',
    state: 'finished' as const,
    method: 'cellpredx',
    label: 'cell_type',
    reference: 'a.h5ad',
    query: 'b.h5ad',
    createdAt: '2026-01-01T00:00:00Z',
    endedAt: null,
  };
  renderApp('#/', {
    'project:recent': () => Promise.resolve([recent, { ...recent, path: '/gone.cpx', name: 'Gone', present: false }]),
    'project:glance': () =>
      Promise.resolve({
        runs: 3,
        last: run,
        thumbnail: {
          labels: ['B cell', 'T cell'],
          places: Float32Array.from([0, 0, 1, 0.5]),
          predicted: Int32Array.from([0, 1]),
        },
      }),
  });
  const card = await screen.findByRole('button', { name: /^Trial/ });
  await waitFor(() => expect(card.textContent).toMatch(/a\.h5ad → b\.h5ad.*Finished.*3 runs/s));
  expect(card.querySelectorAll('circle')).toHaveLength(2);
  expect(screen.getByRole('button', { name: /^Gone/ })).toHaveProperty('disabled', true);
  expectAccessible();
});

test('a project that cannot be looked at says why and stays in the list', async () => {
  const { RequestError } = await import('../../src-renderer/api/request-error.ts');
  renderApp('#/', {
    'project:recent': () => Promise.resolve([recent]),
    'project:glance': () =>
      Promise.reject(new RequestError({ code: 'project.newer-version', message: 'It is newer.', remedy: 'Update.' })),
  });
  expect(await screen.findByText('It is newer.')).toBeTruthy();
});

test('an exported project is imported beside the others and opened', async () => {
  const services = renderApp('#/', {
    'project:import': () => Promise.resolve(summary),
    'project:open': () => Promise.resolve(summary),
  });
  await fireEvent.input(await screen.findByRole('textbox', { name: 'Import a project' }), {
    target: { value: '/data/Trial.cpx.zip' },
  });
  await fireEvent.click(screen.getByRole('button', { name: 'Import Import a project' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Trial' })).toBeTruthy();
  expect(askedOf(services, 'project:import')).toEqual([{ archive: '/data/Trial.cpx.zip', directory: '/projects' }]);
});

test('on the desktop a dropped project opens', async () => {
  const services = renderApp('#/', { 'project:open': () => Promise.resolve(summary) }, (file) => `/data/${file.name}`);
  const start = await screen.findByRole('button', { name: 'New annotation' });
  await fireEvent.drop(start, dropOf('Liver.cpx'));
  expect(await screen.findByRole('heading', { level: 1, name: 'Trial' })).toBeTruthy();
  expect(askedOf(services, 'project:open')[0]).toEqual({ path: '/data/Liver.cpx' });
});

test('on the desktop files dropped on the start page become the reference of a new annotation', async () => {
  renderApp('#/', {}, (file) => `/data/${file.name}`);
  await fireEvent.drop(await screen.findByRole('button', { name: 'New annotation' }), dropOf('a.h5ad', 'b.h5ad'));
  expect(await screen.findByRole('region', { name: 'Pre-flight of a.h5ad, reference' })).toBeTruthy();
  expect(screen.getByRole('region', { name: 'Pre-flight of b.h5ad, reference' })).toBeTruthy();
});

test('files dropped on a field are read where they lie on the desktop, and from a copy in a browser', async () => {
  const services = renderApp(
    '#/annotate/query',
    { 'files:announce': () => Promise.resolve({ ticket: 't1' }) },
    (file) => (file.name === 'known.h5ad' ? '/data/known.h5ad' : null),
  );
  const field = await screen.findByRole('textbox', { name: 'Query file' });
  await fireEvent.drop(field, dropOf('known.h5ad'));
  expect(await screen.findByRole('region', { name: 'Pre-flight of known.h5ad, query' })).toBeTruthy();
  expect(askedOf(services, 'study:inspect')).toHaveLength(1);
  await fireEvent.drop(screen.getByRole('textbox', { name: 'Another query file' }), dropOf('other.h5ad'));
  expect(await screen.findByRole('region', { name: 'Pre-flight of other.h5ad, query' })).toBeTruthy();
  expect(askedOf(services, 'files:announce')).toEqual([
    { name: 'other.h5ad', sizeBytes: 1, together: expect.stringMatching(/^[0-9a-f]{24}$/) as string },
  ]);
  expect(askedOf(services, 'study:inspect').at(-1)).toMatchObject({ choice: { path: '/dropped/t1/other.h5ad' } });
});

test('a file for which there is no room is refused with the reason, and a folder with what to do instead', async () => {
  const { RequestError } = await import('../../src-renderer/api/request-error.ts');
  renderApp('#/annotate/query', {
    'files:announce': () =>
      Promise.reject(
        new RequestError({ code: 'request.no-room-for-file', message: 'Too large.', remedy: 'Make room.' }),
      ),
  });
  const field = await screen.findByRole('textbox', { name: 'Query file' });
  await fireEvent.drop(field, dropOf('large.h5ad'));
  expect((await screen.findByRole('alert')).textContent).toContain('Too large.');
  const items = [{ webkitGetAsEntry: () => ({ isDirectory: true }) }];
  await fireEvent.drop(field, { dataTransfer: { files: [new File([''], 'filtered')], items } });
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('filtered is a folder'));
});

test('what is wrong with a path is brought into view where it was typed', async () => {
  const { RequestError } = await import('../../src-renderer/api/request-error.ts');
  const seen: (string | null)[] = [];
  Element.prototype.scrollIntoView = function (this: Element) {
    seen.push(this.textContent);
  };
  renderApp('#/', {
    'project:open': () =>
      Promise.reject(new RequestError({ code: 'project.not-a-project', message: 'No project.', remedy: 'Another.' })),
  });
  const field = await screen.findByRole('textbox', { name: 'Open another project' });
  await fireEvent.input(field, { target: { value: '/data' } });
  await fireEvent.submit(field.closest('form')!);
  expect((await screen.findByRole('alert')).textContent).toContain('No project.');
  expect(seen.join()).toContain('No project.');
});

test('a command of the menu and a project given to the application lead to their places', async () => {
  const services = renderApp('#/', { 'project:open': () => Promise.resolve(summary) });
  await screen.findByRole('button', { name: 'New annotation' });
  services.choose({ command: 'keyboard' });
  expect(await screen.findByRole('region', { name: 'Everywhere' })).toBeTruthy();
  services.choose({ openProject: projectPath });
  expect(await screen.findByRole('heading', { level: 1, name: 'Trial' })).toBeTruthy();
});
