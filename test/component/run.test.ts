import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import type { RunEvent } from '#contract/run-events';
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
