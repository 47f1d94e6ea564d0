import type { Channel } from '#contract/channels';
import type { MenuCommand } from '#contract/commands';
import type { Reply } from '#contract/reply';
import { type Handlers, requests } from '#contract/requests';
import type { RunEvent } from '#contract/run-events';
import type { Client, ConnectionState } from './client.ts';
import { clientOver } from './create-client.ts';
import { RequestError } from './request-error.ts';

export interface StandIn {
  /** Chooses in the menu, as in the desktop window. */
  choose(command: MenuCommand): void;
  /** The real client, over a connection that ends here. */
  readonly client: Client;
  /** Requests in the order they were made, arguments as a handler would receive them. */
  readonly asked: readonly { readonly channel: Channel; readonly args: unknown }[];
  /** Tells an event as the services would; it is kept for `run:history`. */
  emit(event: RunEvent): void;
  /** Loses or regains the connection. Events told meanwhile are only in the history. */
  setConnection(state: ConnectionState): void;
}

/**
 * A client for component tests. Arguments are parsed by the contract as the services parse them, so that a request
 * that main would refuse fails the test. A channel without a handler throws. `run:history` is answered from what
 * was emitted unless a handler is given. A handler answers with an error by throwing a `RequestError`.
 */
export function standIn(handlers: Partial<Handlers> = {}, pathOf: (file: File) => string | null = () => null): StandIn {
  const asked: { channel: Channel; args: unknown }[] = [];
  const told: RunEvent[] = [];
  const listeners = new Set<(event: RunEvent) => void>();
  const commands = new Set<(command: MenuCommand) => void>();
  const watchers = new Set<(state: ConnectionState) => void>();
  let connection: ConnectionState = 'open';

  const all: Partial<Handlers> = {
    'run:history': ({ runId, after }) =>
      Promise.resolve(told.filter((event) => event.runId === runId && event.seq > after)),
    ...handlers,
  };

  async function request(channel: Channel, given: unknown): Promise<Reply<unknown>> {
    const args = requests[channel].parse(given);
    asked.push({ channel, args });
    const handler = all[channel] as ((args: unknown) => Promise<unknown>) | undefined;
    if (handler === undefined) throw new Error(`standIn: no handler was given for ${channel}`);
    try {
      return { ok: await handler(args) };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return { error: { code: error.code, message: error.message, remedy: error.remedy } };
    }
  }

  return {
    asked,
    client: clientOver({
      request,
      onEvent(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      onCommand(listener) {
        commands.add(listener);
        return () => commands.delete(listener);
      },
      pathOf: (file) => pathOf(file),
      sendFile(ticket, file, { sent }) {
        sent(file.size);
        return Promise.resolve({ ok: `/dropped/${ticket}/${file.name}` });
      },
      onConnection(watcher) {
        watchers.add(watcher);
        watcher(connection);
        return () => watchers.delete(watcher);
      },
    }),
    choose(command) {
      for (const listener of commands) listener(command);
    },
    emit(event) {
      told.push(event);
      if (connection === 'open') for (const listener of listeners) listener(event);
    },
    setConnection(state) {
      connection = state;
      for (const watcher of watchers) watcher(state);
    },
  };
}
