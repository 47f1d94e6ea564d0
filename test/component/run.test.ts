import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AnnotationRequest } from '#contract/annotation-request';
import type { RunEvent } from '#contract/run-events';
import { confidenceBars } from '../../src-renderer/features/run/forming.ts';
import type { StandIn } from '../../src-renderer/api/stand-in.ts';
import { expectAccessible } from './support/accessible.ts';
import { askedOf, projectPath, renderApp, stubScreen } from './support/render-app.ts';

vi.mock('../../src-renderer/charts/mount-chart.ts', () => ({
  mountChart: () => ({ show: () => undefined, dispose: () => undefined }),
}));

const address = `#/run/${encodeURIComponent(projectPath)}/run-1`;
type Told = RunEvent extends infer Event
  ? Event extends RunEvent
    ? Omit<Event, 'runId' | 'seq' | 'elapsedMs'>
    : never
  : never;

/** Tells events of the run one after another. */
function teller(services: StandIn): (...events: readonly Told[]) => void {
  let seq = 0;
  return (...events) => {
    for (const event of events)
      services.emit({ runId: 'run-1', elapsedMs: 1000 * seq, ...event, seq: seq++ } as RunEvent);
  };
}
const step = (number: number, total: number): Told => ({
  kind: 'step',
  step: number,
  steps: 100,
  terms: { classification: total / 2, total },
  stepsPerSecond: 12,
  remainingMs: 95_000,
  residentBytes: 2 ** 28,
});
const begin: readonly Told[] = [
  { kind: 'queued', position: 0 },
  { kind: 'started', engine: 'CPU by WebAssembly SIMD' },
  { kind: 'stage', stage: 'train', fraction: 0, text: 'Training CellPredX' },
];

beforeEach(() => {
  localStorage.clear();
  stubScreen();
});

test('a run shows its stage, its steps, the time left and a curve per loss term', async () => {
  const tell = teller(renderApp(address));
  tell(...begin, step(1, 4), step(2, 3));
  expect(await screen.findByText('1 min 35 s')).toBeTruthy();
  expect(screen.getByRole('img', { name: 'total: 4.00 at the first step, 3.00 at step 2' })).toBeTruthy();
  expect(screen.getByRole('progressbar', { name: 'Train: share done' })).toHaveProperty('value', 0.02);
  expect(screen.getByRole('button', { name: 'Save the chart: Loss terms' })).toBeTruthy();
  expect(screen.getByRole('status', { name: 'State of the run' }).textContent).toContain('Running');
  expectAccessible();
});

test('events that were told while the connection was lost are shown when it is back', async () => {
  const services = renderApp(address);
  const tell = teller(services);
  tell(...begin, step(1, 4));
  await screen.findByText('1 min 35 s');
  services.setConnection('lost');
  expect(await screen.findByText(/does not answer/)).toBeTruthy();
  tell(step(2, 3), step(3, 2));
  services.setConnection('open');
  expect(await screen.findByRole('img', { name: /^total: .* at step 3$/ })).toBeTruthy();
});

test('cancel asks once and says that it is under way; resume goes on', async () => {
  const services = renderApp(address, {
    'run:cancel': () => Promise.resolve(true),
    'run:resume': () => Promise.resolve({ runId: 'run-1' }),
  });
  const tell = teller(services);
  tell(...begin, step(1, 4));
  await fireEvent.click(await screen.findByRole('button', { name: 'Cancel the run' }));
  expect(await screen.findByRole('button', { name: 'Cancelling' })).toHaveProperty('disabled', true);
  expect(askedOf(services, 'run:cancel')).toEqual([{ runId: 'run-1' }]);
  tell({ kind: 'cancelled' });
  await fireEvent.click(await screen.findByRole('button', { name: 'Resume the run' }));
  expect(askedOf(services, 'run:resume')).toEqual([{ projectPath, runId: 'run-1' }]);
  tell(...begin, step(2, 3));
  await waitFor(() =>
    expect(screen.getByRole('status', { name: 'State of the run' }).textContent).toContain('Running'),
  );
  expect(screen.getByRole('img', { name: /^total: .* at step 2$/ })).toBeTruthy();
});

test('a failure says what is wrong, what to do, and shows the log', async () => {
  const tell = teller(renderApp(address));
  tell(...begin, {
    kind: 'failed',
    error: {
      code: 'training.diverged',
      message: 'The loss became infinite at step 7.',
      remedy: 'Lower the learning rate.',
    },
    log: 'step 7 total Infinity',
  });
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('The loss became infinite at step 7.');
  expect(alert.textContent).toContain('Lower the learning rate.');
  expect(screen.getByText('step 7 total Infinity')).toBeTruthy();
  expect(screen.getByRole('list', { name: 'Stages' }).textContent).toContain('Train (failed here)');
});

describe('a run that failed for a reason that going on cannot mend', () => {
  const failedBy = (code: string): Told => ({
    kind: 'failed',
    error: { code, message: 'Only nine features are shared.', remedy: 'Check the files.' },
    log: '',
  });
  const request = AnnotationRequest.parse({
    reference: [{ path: '/data/a.h5ad' }],
    query: [{ path: '/data/b.h5ad' }],
    label: 'cell_type',
    seed: 7,
  });

  test('opens its annotation at the step that puts it right, filled in as it was', async () => {
    const services = renderApp(address, { 'run:request': () => Promise.resolve(request) });
    const tell = teller(services);
    tell(...begin, failedBy('preparing.too-few-shared-features'));
    const change = await screen.findByRole('button', { name: 'Change the annotation' });
    expect(screen.queryByRole('button', { name: 'Resume the run' })).toBeNull();
    expectAccessible();
    await fireEvent.click(change);
    expect(askedOf(services, 'run:request')).toEqual([{ projectPath, runId: 'run-1' }]);
    await waitFor(() => expect(location.hash).toBe('#/annotate/match'));
    expect(askedOf(services, 'study:inspect')).toMatchObject([
      { choice: { path: '/data/a.h5ad' } },
      { choice: { path: '/data/b.h5ad' } },
    ]);
  });

  test('can be tried again where the file may have been put back', async () => {
    const services = renderApp(address, { 'run:resume': () => Promise.resolve({ runId: 'run-1' }) });
    const tell = teller(services);
    tell(...begin, failedBy('reading.no-such-file'));
    expect(await screen.findByRole('button', { name: 'Change the annotation' })).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(askedOf(services, 'run:resume')).toEqual([{ projectPath, runId: 'run-1' }]);
  });

  test('says why its annotation cannot be opened', async () => {
    const refuse = (): Promise<never> =>
      Promise.reject(Object.assign(new Error('The project is gone.'), { code: 'project.gone', remedy: 'Look.' }));
    const tell = teller(renderApp(address, { 'run:request': refuse }));
    tell(...begin, failedBy('training.diverged'));
    await fireEvent.click(await screen.findByRole('button', { name: 'Change the annotation' }));
    expect(await screen.findByText('The project is gone.')).toBeTruthy();
  });
});

test('a finished run is found again without any event, by what the project says of it', async () => {
  renderApp(address, {
    'run:list': () =>
      Promise.resolve([
        {
          runId: 'run-1',
          state: 'finished',
          method: 'cellpredx',
          label: 'cell_type',
          reference: 'a.h5ad',
          query: 'b.h5ad',
          createdAt: '2026-01-01T00:00:00Z',
          endedAt: '2026-01-01T00:01:00Z',
        },
      ]),
  });
  expect(await screen.findByRole('region', { name: 'Label composition' })).toBeTruthy();
});

test('a paused run says after which step, and resuming it is offered', async () => {
  const services = renderApp(address, {
    'run:pause': () => Promise.resolve(true),
    'run:resume': () => Promise.resolve({ runId: 'run-1' }),
  });
  const tell = teller(services);
  tell(...begin, step(41, 4));
  await fireEvent.click(await screen.findByRole('button', { name: 'Pause the run' }));
  expect(await screen.findByRole('button', { name: 'Pausing' })).toHaveProperty('disabled', true);
  expect(askedOf(services, 'run:pause')).toEqual([{ runId: 'run-1' }]);
  tell({ kind: 'paused' });
  expect(await screen.findByText(/This run is paused after step 41/)).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Resume the run' }));
  expect(askedOf(services, 'run:resume')).toEqual([{ projectPath, runId: 'run-1' }]);
});

const view = (number: number): Told => ({
  kind: 'forming',
  step: number,
  labels: ['B cell', 'T cell', 'Platelet'],
  places: [0, 0, 500, -500, -1000, 1000],
  predicted: [1, 1, 0],
  confidence: [990, 520, 1000],
});

test('the embedding as it forms and the confidence so far are drawn and said in words', async () => {
  const tell = teller(renderApp(address));
  tell(...begin, step(1, 4), view(30));
  expect(await screen.findByRole('img', { name: 'Forming embedding after step 30: 2 T cell, 1 B cell' })).toBeTruthy();
  expect(
    screen.getByRole('img', { name: 'Histogram of confidence so far: half of the cells lie above 99.0 %' }),
  ).toBeTruthy();
  tell(view(60));
  expect(await screen.findByRole('img', { name: /^Forming embedding after step 60/ })).toBeTruthy();
  expectAccessible();
});

test('bars of confidence hold every cell, the surest in the last', () => {
  const bars = confidenceBars([0, 49, 50, 999, 1000]);
  expect([bars[0], bars[1], bars[19]]).toEqual([2, 1, 2]);
  expect(bars).toHaveLength(20);
});

test('the time left is that of the stage after training that told it last', async () => {
  const tell = teller(renderApp(address));
  tell(...begin, step(1, 4));
  expect(await screen.findByText('1 min 35 s')).toBeTruthy();
  tell({ kind: 'stage', stage: 'layout', fraction: 0.5, text: 'Drawing the map of cells', remainingMs: 42_000 });
  expect(await screen.findByText('42 s')).toBeTruthy();
});

test('the time left runs on through the stages after training', async () => {
  const tell = teller(renderApp(address));
  tell(...begin, step(100, 4)); // told at 3 s: 95 s left
  expect(await screen.findByText('1 min 35 s')).toBeTruthy();
  tell({ kind: 'stage', stage: 'predict', fraction: 0, text: 'Labelling the query' });
  expect(await screen.findByText('1 min 34 s')).toBeTruthy();
});

test('the queue shows the order of the runs, and is asked for again when it changes', async () => {
  const line = (runId: string, state: 'running' | 'queued') => ({
    projectPath,
    projectName: 'Trial',
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
  });
  let lines = [line('run-0', 'running'), line('run-1', 'queued')];
  const tell = teller(renderApp(address, { 'run:queue': () => Promise.resolve(lines) }));
  tell({ kind: 'queued', position: 1 });
  const queue = await screen.findByRole('region', { name: 'Queue' });
  const links = (): (string | null)[] =>
    within(queue)
      .getAllByRole('link')
      .map((link) => link.textContent);
  await waitFor(() => expect(links()).toEqual(['a.h5ad → run-0.h5ad', 'a.h5ad → run-1.h5ad']));
  lines = [line('run-1', 'running')];
  tell({ kind: 'started', engine: 'CPU' });
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Queue' })).toBeNull());
});

describe('notifications', () => {
  const shown: { title: string; body: string }[] = [];
  function stubNotification(permission: 'granted' | 'denied'): void {
    shown.length = 0;
    class StandInNotification {
      static permission = permission;
      static requestPermission = (): Promise<string> => Promise.resolve(permission);
      constructor(title: string, { body }: { body: string }) {
        shown.push({ title, body });
      }
    }
    vi.stubGlobal('Notification', StandInNotification);
  }
  afterEach(() => vi.unstubAllGlobals());

  test('the browser is asked when they are switched on; the end is told when the window is not in front', async () => {
    stubNotification('granted');
    vi.spyOn(document, 'hasFocus').mockReturnValue(false);
    const tell = teller(renderApp(address));
    tell(...begin, step(1, 4));
    const toggle = await screen.findByRole('switch', { name: 'Tell me when it ends' });
    await fireEvent.click(toggle);
    await waitFor(() => expect(localStorage.getItem('cellpredx.notify')).toBe('yes'));
    tell({ kind: 'cancelled' });
    expect(shown).toEqual([]);
    tell({ kind: 'queued', position: 0 }, { kind: 'interrupted' });
    await waitFor(() => expect(shown).toEqual([{ title: 'A run was interrupted', body: 'CellPredX Studio' }]));
  });

  test('a browser that refuses is told of with what to do', async () => {
    stubNotification('denied');
    teller(renderApp(address))(...begin, step(1, 4));
    await fireEvent.click(await screen.findByRole('switch', { name: 'Tell me when it ends' }));
    expect(await screen.findByText('The browser does not allow notifications of this page.')).toBeTruthy();
    expect(screen.getByRole('switch', { name: 'Tell me when it ends' })).toHaveProperty('checked', false);
  });

  test('on the desktop the application is asked, and not the page', async () => {
    const services = renderApp(address, {
      'notices:get': () => Promise.resolve({ on: false }),
      'notices:set': ({ on }) => Promise.resolve({ on }),
    });
    teller(services)(...begin, step(1, 4));
    await fireEvent.click(await screen.findByRole('switch', { name: 'Tell me when it ends' }));
    expect(askedOf(services, 'notices:set')).toEqual([{ on: true }]);
  });
});

describe('a run that breaks off while another screen is open', () => {
  const run = {
    runId: 'run-1',
    state: 'running' as const,
    method: 'cellpredx',
    label: 'cell_type',
    reference: 'a.h5ad',
    query: 'b.h5ad',
    createdAt: '2026-01-01T00:00:00Z',
    endedAt: null,
  };
  const queue = { 'run:queue': () => Promise.resolve([{ projectPath, projectName: 'Trial', run }]) };
  const failed: Told = {
    kind: 'failed',
    error: { code: 'project.run-killed', message: 'Its process was ended.', remedy: 'Close other programs.' },
    log: '',
  };

  test('is told there and goes on when it is resumed', async () => {
    const services = renderApp('#/', { ...queue, 'run:resume': () => Promise.resolve({ runId: 'run-1' }) });
    const tell = teller(services);
    await screen.findByText('No project yet'); // the queue was asked for before the projects
    tell(...begin, failed);
    const message = await screen.findByRole('region', { name: 'Run that broke off: a.h5ad → b.h5ad' });
    expect(within(message).getByRole('alert').textContent).toMatch(/of Trial broke off\. Its process was ended\./);
    expectAccessible();
    await fireEvent.click(within(message).getByRole('button', { name: 'Resume the run' }));
    expect(askedOf(services, 'run:resume')).toEqual([{ projectPath, runId: 'run-1' }]);
    tell({ kind: 'queued', position: 0 });
    await waitFor(() => expect(message.isConnected).toBe(false));
  });

  test('offers to change its annotation where going on mends nothing', async () => {
    const request = AnnotationRequest.parse({
      reference: [{ path: '/data/a.h5ad' }],
      query: [{ path: '/data/b.h5ad' }],
      label: 'cell_type',
    });
    const services = renderApp('#/', { ...queue, 'run:request': () => Promise.resolve(request) });
    const tell = teller(services);
    await screen.findByText('No project yet');
    tell(...begin, { ...failed, error: { code: 'training.diverged', message: 'It diverged.', remedy: 'Lower it.' } });
    const message = await screen.findByRole('region', { name: 'Run that broke off: a.h5ad → b.h5ad' });
    expect(within(message).queryByRole('button', { name: 'Resume the run' })).toBeNull();
    await fireEvent.click(within(message).getByRole('button', { name: 'Change the annotation' }));
    await waitFor(() => expect(location.hash).toBe('#/annotate/method'));
    expect(askedOf(services, 'run:request')).toEqual([{ projectPath, runId: 'run-1' }]);
  });

  test('is told by its own screen only where that is open, also after a restart', async () => {
    renderApp(address, {
      'run:list': () => Promise.resolve([{ ...run, state: 'failed' as const, error: failed.error }]),
    });
    expect((await screen.findByRole('alert')).textContent).toContain('Its process was ended.');
    expect(screen.queryByRole('region', { name: /^Run that broke off/ })).toBeNull();
    expect(screen.getByRole('button', { name: 'Resume the run' })).toHaveProperty('disabled', false);
  });
});
