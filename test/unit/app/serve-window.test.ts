import { expect, test } from 'vitest';
import { carrier } from '#contract/channels';
import type { RunEvent } from '#contract/run-events';
import { pageAddress } from '#app/page-origin';
import { serveRequests, tellEvents } from '#app/serve-window';
import { createHandlers } from '#handlers/create-handlers';
import { standInServices } from '../handlers/stand-in-services.ts';

type Listener = (event: { senderFrame: unknown }, channel: unknown, args: unknown) => unknown;

async function served() {
  const services = await standInServices();
  const handled = new Map<string, Listener>();
  serveRequests(
    { handle: (name: string, listener: Listener) => void handled.set(name, listener) } as never,
    createHandlers(services),
    (fault) => {
      throw new Error(`a fault was logged: ${JSON.stringify(fault)}`);
    },
  );
  return { services, handled };
}

test('requests of our page are answered under the one name of the carrier', async () => {
  const { services, handled } = await served();
  expect([...handled.keys()]).toEqual([carrier.request]);
  const reply = await handled.get(carrier.request)!(
    { senderFrame: { url: pageAddress, parent: null } },
    'system:about',
    {},
  );
  expect(reply).toEqual({ ok: services.about });
});

test.each([
  ['another page', { url: 'https://evil.example/', parent: null }],
  ['a frame in the page', { url: pageAddress, parent: {} }],
  ['a frame that is gone', null],
])('a request of %s is refused before it is looked at', async (_, senderFrame) => {
  const { handled } = await served();
  expect(() => handled.get(carrier.request)!({ senderFrame }, 'system:about', {})).toThrow('another page');
});

test('events go to the windows that are open at the time', () => {
  let tell: (event: RunEvent) => void = () => undefined;
  const sent: unknown[] = [];
  const window = (name: string, gone: boolean) => ({
    isDestroyed: () => gone,
    send: (channel: string, event: unknown) => void sent.push([name, channel, event]),
  });
  let windows = [window('a', false), window('b', true)];
  const stop = tellEvents(
    { subscribe: (listener) => ((tell = listener), () => (tell = () => undefined)) },
    () => windows,
  );
  const event: RunEvent = { kind: 'finished', runId: 'r', seq: 0, elapsedMs: 1 };
  tell(event);
  windows = [];
  tell(event);
  stop();
  expect(sent).toEqual([['a', carrier.runEvent, event]]);
});
