import type { Bridge } from '#contract/bridge';
import type { Channel } from '#contract/channels';
import type { Args, Result } from '#contract/requests';
import { browserTransport } from './browser-transport.ts';
import type { Client } from './client.ts';
import { desktopTransport } from './desktop-transport.ts';
import { RequestError } from './request-error.ts';
import { RunWatch } from './run-watch.ts';
import type { Transport } from './transport.ts';

declare global {
  interface Window {
    /** Present in the desktop window only. */
    readonly cellpredx?: Bridge;
  }
}

/** The client of this page: over the bridge in the desktop window, over HTTP in a browser. */
export function createClient(): Client {
  return clientOver(window.cellpredx === undefined ? browserTransport(location) : desktopTransport(window.cellpredx));
}

/** A client over any transport. */
export function clientOver(transport: Transport): Client {
  async function request<C extends Channel>(channel: C, args: Args<C>): Promise<Result<C>> {
    const reply = await transport.request(channel, args);
    if ('error' in reply) throw new RequestError(reply.error);
    return reply.ok as Result<C>;
  }
  return {
    request,
    onEvent: (listener) => transport.onEvent(listener),
    onConnection: (listener) => transport.onConnection(listener),
    onCommand: (listener) => transport.onCommand(listener),
    pathOf: (file) => transport.pathOf(file),
    async bring(file, { together, sent, signal }) {
      const path = transport.pathOf(file);
      if (path !== null || transport.sendFile === null) return path ?? file.name;
      sent(0);
      const { ticket } = await request('files:announce', { name: file.name, sizeBytes: file.size, together });
      const reply = await transport.sendFile(ticket, file, { sent, signal });
      if ('error' in reply) throw new RequestError(reply.error);
      return reply.ok;
    },
    watchRun(runId, listener, onproblem) {
      const watch = new RunWatch(listener, (after) => request('run:history', { runId, after }), onproblem);
      const stopEvents = transport.onEvent((event) => {
        if (event.runId === runId) watch.receive(event);
      });
      const stopConnection = transport.onConnection((state) => {
        if (state === 'open') watch.catchUp();
      });
      return () => {
        stopEvents();
        stopConnection();
        watch.stop();
      };
    },
  };
}
