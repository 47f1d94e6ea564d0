import { eventsPath, filePrefix, requestPrefix } from '#contract/browser-addresses';
import type { Reply } from '#contract/reply';
import type { RunEvent } from '#contract/run-events';
import { decodeFrame } from '#contract/wire-format';
import type { ConnectionState } from './client.ts';
import { connectionLost, RequestError, sessionOver } from './request-error.ts';
import type { SendFile, Transport } from './transport.ts';

/** Waiting times before the event socket is opened again, in milliseconds; the last one repeats. */
const pauses = [250, 500, 1000, 2000, 5000];

/**
 * The browser front: requests by POST, events by a WebSocket that comes back by itself. The socket is opened with
 * the first listener and stays. Its state is the state of the connection.
 */
export function browserTransport(at: Pick<Location, 'host' | 'origin'>): Transport {
  const listeners = new Set<(event: RunEvent) => void>();
  const watchers = new Set<(state: ConnectionState) => void>();
  let state: ConnectionState = 'open';
  let socket: WebSocket | null = null;
  let failures = 0;

  function connect(): void {
    if (socket !== null) return;
    socket = new WebSocket(`${at.origin.replace(/^http/, 'ws')}${eventsPath}`);
    socket.addEventListener('open', () => {
      failures = 0;
      state = 'open';
      for (const watcher of watchers) watcher(state); // also the first time: what happened before it is history
    });
    socket.addEventListener('message', ({ data }) => {
      const event = JSON.parse(String(data)) as RunEvent;
      for (const listener of listeners) listener(event);
    });
    socket.addEventListener('close', () => {
      socket = null;
      if (state === 'open' && failures > 0) {
        state = 'lost';
        for (const watcher of watchers) watcher(state);
      }
      setTimeout(connect, pauses[Math.min(failures++, pauses.length - 1)]);
    });
  }

  return {
    async request(channel, args) {
      const response = await post(`${at.origin}${requestPrefix}${channel}`, args);
      if (response.status === 401) throw sessionOver();
      if (!response.ok) {
        throw new RequestError({
          code: 'connection.refused',
          message: `The request ${channel} was refused: ${await response.text()}`,
          remedy: 'Reload this page.',
        });
      }
      return decodeFrame(await response.arrayBuffer()) as Reply<unknown>;
    },
    onEvent(listener) {
      connect();
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onCommand: () => () => undefined, // a browser has no menu of ours
    pathOf: () => null, // and tells no page where a file lies
    sendFile: (ticket, file, options) => sendFile(`${at.origin}${filePrefix}${ticket}`, file, options),
    onConnection(watcher) {
      connect();
      watchers.add(watcher);
      watcher(state);
      return () => watchers.delete(watcher);
    },
  };
}

async function post(address: string, args: unknown): Promise<Response> {
  try {
    return await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(args),
      credentials: 'same-origin',
    });
  } catch (error) {
    throw connectionLost(error);
  }
}

/** By XMLHttpRequest: `fetch` does not tell how much has gone. */
function sendFile(address: string, file: File, { sent, signal }: Parameters<SendFile>[2]): ReturnType<SendFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.responseType = 'arraybuffer';
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded }) => sent(loaded));
    request.addEventListener('load', () => {
      if (request.status === 200) resolve(decodeFrame(request.response as ArrayBuffer) as Reply<string>);
      else reject(request.status === 401 ? sessionOver() : fileRefused(file.name, request.status));
    });
    const lost = (event: Event): void => reject(connectionLost(event.type));
    request.addEventListener('error', lost);
    request.addEventListener('abort', lost);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    if (signal.aborted) return reject(connectionLost('abort'));
    request.send(file);
  });
}

function fileRefused(name: string, status: number): RequestError {
  return new RequestError({
    code: 'connection.refused',
    message: `${name} was not taken (status ${status}).`,
    remedy: 'Reload this page and drop it again.',
  });
}
