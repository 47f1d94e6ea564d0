import { fireEvent, screen, within } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Results } from '#contract/requests';
import { cleaningsOf } from '../../src-renderer/features/settings/cleanings.ts';
import { requestsByOrigin } from '../../src-renderer/features/settings/requests-by-origin.ts';
import { expectAccessible } from './support/accessible.ts';
import { engines } from './support/generated-study.ts';
import { askedOf, projectPath, renderApp, stubScreen } from './support/render-app.ts';

vi.mock('../../src-renderer/charts/mount-chart.ts', () => ({
  mountChart: () => ({ show: () => undefined, dispose: () => undefined }),
}));

beforeEach(() => {
  localStorage.clear();
  stubScreen();
});

const line = (
  runId: string,
  state: 'finished' | 'cancelled' | 'running',
  bytes: { result?: number; explorers?: number; columns?: number; checkpoints?: number },
): Results['storage:list'][number]['runs'][number] => ({
  run: {
    runId,
    state,
    method: 'cellpredx',
    label: 'cell_type',
    reference: 'a.h5ad',
    query: `${runId}.h5ad`,
    createdAt: '2026-01-01T00:00:00Z',
    endedAt: null,
  },
  resultBytes: bytes.result ?? 0,
  explorerBytes: bytes.explorers ?? 0,
  columnBytes: bytes.columns ?? 0,
  checkpointBytes: bytes.checkpoints ?? 0,
});
const project = {
  path: projectPath,
  name: 'Trial',
  bytes: 9 * 2 ** 20,
  runs: [
    line('done', 'finished', { result: 2 ** 20, explorers: 2 * 2 ** 20, columns: 2 ** 19 }),
    line('stopped', 'cancelled', { checkpoints: 3 * 2 ** 20 }),
    line('now', 'running', { checkpoints: 2 ** 20 }),
  ],
};

test('the engine chip opens the doctor; an engine that is tested again shows what was found now', async () => {
  const [first] = engines;
  const services = renderApp('#/', {
    'engines:test': ({ name }) => Promise.resolve({ ...first!, name, stepsPerSecond: 77.7, reason: 'It ran again.' }),
  });
  await fireEvent.click(await screen.findByRole('button', { name: /^Engine: (?!Testing)/ }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Settings' })).toBeTruthy();
  const item = screen.getByRole('listitem', { name: first!.title });
  await fireEvent.click(within(item).getByRole('button', { name: `Test again: ${first!.title}` }));
  expect(await within(item).findByText('It ran again.')).toBeTruthy();
  expect(within(item).getByText('77.7')).toBeTruthy();
  expect(askedOf(services, 'engines:test')).toEqual([{ name: first!.name }]);
  expectAccessible();
});

test('checkpoints of runs that have ended are removed after a question, and what was freed is said', async () => {
  const services = renderApp('#/settings/storage', {
    'storage:list': () => Promise.resolve([project]),
    'storage:clean': () => Promise.resolve(3 * 2 ** 20),
  });
  const card = await screen.findByRole('region', { name: 'Storage of Trial' });
  expect(within(card).getByText('9.0 MiB')).toBeTruthy();
  await fireEvent.click(within(card).getByRole('button', { name: 'Remove checkpoints: 3.0 MiB in Trial' }));
  expect(askedOf(services, 'storage:clean')).toEqual([]);
  await fireEvent.click(await screen.findByRole('button', { name: 'Remove' }));
  expect(await screen.findByText('3.0 MiB were freed in Trial.')).toBeTruthy();
  expect(askedOf(services, 'storage:clean')).toEqual([{ projectPath, what: 'checkpoints', runIds: ['stopped'] }]);
});

test('columns of cells are removed after a question that says what is lost', async () => {
  const services = renderApp('#/settings/storage', {
    'storage:list': () => Promise.resolve([project]),
    'storage:clean': () => Promise.resolve(2 ** 19),
  });
  await fireEvent.click(await screen.findByRole('button', { name: 'Remove columns of cells: 512 KiB in Trial' }));
  const dialog = await screen.findByRole('dialog', { name: 'Remove columns of cells?' });
  expect(dialog.textContent).toContain('running the annotation again brings them back');
  expectAccessible();
  await fireEvent.click(within(dialog).getByRole('button', { name: 'Remove' }));
  expect(await screen.findByText('512 KiB were freed in Trial.')).toBeTruthy();
  expect(askedOf(services, 'storage:clean')).toEqual([{ projectPath, what: 'columns', runIds: ['done'] }]);
});

test('nothing of a run that goes on is offered for removal', () => {
  expect(cleaningsOf(project).map(({ kind, runIds, bytes }) => [kind, runIds, bytes])).toEqual([
    ['checkpoints', ['stopped'], 3 * 2 ** 20],
    ['explorers', ['done'], 2 * 2 ** 20],
    ['columns', ['done'], 2 ** 19],
  ]);
  expect(cleaningsOf({ ...project, runs: [project.runs[2]!] })).toEqual([]);
});

test('appearance is chosen in the settings and kept', async () => {
  renderApp('#/settings/appearance');
  const choice = await screen.findByRole('radiogroup', { name: 'Appearance of the window' });
  await fireEvent.click(within(choice).getByRole('radio', { name: 'Dark' }));
  expect(document.documentElement.dataset['theme']).toBe('dark');
  expect(await screen.findByText(/Stays dark/)).toBeTruthy();
});

test('keys lead to the places that the keyboard map names', async () => {
  renderApp('#/');
  await fireEvent.keyDown(document.body, { altKey: true, code: 'KeyK', key: 'k' });
  expect(await screen.findByRole('region', { name: 'Everywhere' })).toBeTruthy();
  await fireEvent.keyDown(document.body, { altKey: true, code: 'KeyN', key: 'n' });
  expect(await screen.findByRole('radio', { name: /^Suggest from my files/ })).toBeTruthy();
});

test('requests are counted by where they go; what the page carries in itself counts as none', () => {
  const page = 'app://cellpredx/index.html';
  expect(
    requestsByOrigin([page, 'app://cellpredx/a.js', 'data:image/png;base64,', 'blob:app://cellpredx/1'], page),
  ).toEqual({ own: 2, elsewhere: [] });
  const outside = ['https://a.example/x', 'https://b.example/', 'https://a.example/y'];
  expect(requestsByOrigin(outside, page).elsewhere).toEqual([
    { origin: 'https://a.example', requests: 2 },
    { origin: 'https://b.example', requests: 1 },
  ]);
});
