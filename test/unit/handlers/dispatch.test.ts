import { expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import { INTERNAL } from '#contract/reply';
import { createHandlers } from '#handlers/create-handlers';
import { dispatch } from '#handlers/dispatch';
import type { RunService } from '#handlers/services';
import { missing, standInServices } from './stand-in-services.ts';

const noFault = (fault: object): never => {
  throw new Error(`a fault was logged: ${JSON.stringify(fault)}`);
};

test('an answer comes back under ok', async () => {
  const services = await standInServices();
  const reply = await dispatch(createHandlers(services), 'system:about', {}, noFault);
  expect(reply).toEqual({ ok: services.about });
});

test.each(['system:nothing', 'toString', '__proto__', '', 3, null, undefined, {}])(
  'the unknown channel %j is refused',
  async (channel) => {
    const reply = await dispatch(createHandlers(await standInServices()), channel, {}, noFault);
    expect(reply).toMatchObject({ error: { code: 'request.unknown-channel' } });
  },
);

test('bad arguments are refused with the place that is wrong, before the handler is called', async () => {
  const handlers = createHandlers(await standInServices());
  const args = { projectPath: '/p', request: { reference: [{ path: 'a' }], query: [], label: 'x' } };
  const reply = await dispatch(handlers, 'run:start', args, noFault);
  expect(reply).toMatchObject({ error: { code: 'request.bad-arguments' } });
  expect(JSON.stringify(reply)).toContain('request.query');
});

test('what a person can mend crosses with its own words', async () => {
  const runs = missing<RunService>('runs', {
    cancel: () => Promise.reject(new AppError('reading.no-such-file', { path: '/data/gone.h5ad' })),
  });
  const reply = await dispatch(createHandlers(await standInServices({ runs })), 'run:cancel', { runId: 'r' }, noFault);
  expect(reply).toEqual({ error: new AppError('reading.no-such-file', { path: '/data/gone.h5ad' }).toWire() });
});

test('a fault of ours is logged under the id the window is told, and its text stays inside', async () => {
  const runs = missing<RunService>('runs', { cancel: () => Promise.reject(new Error('secret /etc/passwd')) });
  const faults: { id: string; channel: string; error: unknown }[] = [];
  const reply = await dispatch(createHandlers(await standInServices({ runs })), 'run:cancel', { runId: 'r' }, (fault) =>
    faults.push(fault),
  );
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatchObject({ channel: 'run:cancel', error: new Error('secret /etc/passwd') });
  expect(reply).toMatchObject({ error: { code: INTERNAL } });
  expect(JSON.stringify(reply)).toContain(faults[0]!.id);
  expect(JSON.stringify(reply)).not.toContain('secret');
});

test('a file dialog that a browser asks for is refused with a way out', async () => {
  const reply = await dispatch(
    createHandlers(await standInServices()),
    'files:choose',
    { purpose: 'study-files' },
    noFault,
  );
  expect(reply).toMatchObject({ error: { code: 'request.no-dialog' } });
});
