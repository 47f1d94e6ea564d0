import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { AppError } from '#core/base/app-error';
import { eventsPath, filePrefix, requestPrefix } from '#contract/browser-addresses';
import { pageHeaders } from '#contract/page-headers';
import type { Handlers } from '#contract/requests';
import type { RunEvent } from '#contract/run-events';
import { type FaultLog, logToStderr } from '#handlers/dispatch';
import { pageFile, type PageFiles, readPageFiles } from '#handlers/page-files';
import { answerRequest } from './answer-request.ts';
import type { Arrivals } from '#handlers/arrivals';
import { checkCaller } from './check-caller.ts';
import { entryPage, notePage } from './pages.ts';
import { createSession } from './session.ts';
import { takeFile } from './take-file.ts';

export interface BrowserHostOptions {
  readonly handlers: Handlers;
  readonly events: { subscribe(listener: (event: RunEvent) => void): () => void };
  /** Takes files that are dropped on the page; without it none are taken. */
  readonly arrivals?: Arrivals | null;
  /** Folder of the built page. Its files are read once, at the start. */
  readonly rendererDir: string;
  /** A free one is taken if it is left out. */
  readonly port?: number;
  readonly log?: FaultLog;
}

export interface BrowserHost {
  /** Opens the page once; whoever opens it first has the session. */
  readonly url: string;
  readonly port: number;
  /** A further link that opens the page once. */
  newLink(): string;
  /** Ends all connections and gives the port back. */
  close(): Promise<void>;
}

/** A window that has not taken this many bytes of events is cut off; it comes back and asks for what it missed. */
const mostWaitingBytes = 8 * 1024 * 1024;
const pingEveryMs = 20_000;

/**
 * Serves the window and the handlers to a browser on this computer (or at the other end of an SSH tunnel).
 *
 * It listens on 127.0.0.1 only. Every request must name this computer as its host and come from the page itself;
 * everything but the one-time link needs the session that the link opened.
 */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const { handlers, events, log = logToStderr } = options;
  const files = await readPageFiles(options.rendererDir);
  const session = createSession();
  const server = createServer({ requestTimeout: 0, headersTimeout: 10_000, maxHeaderSize: 16 * 1024 });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4096, perMessageDeflate: false });

  server.on('request', (request, response) => {
    handle(request, response).catch((error: unknown) => {
      log({ id: 'http', channel: request.url ?? '', error });
      response.destroy();
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = addressOf(request);
    const token = request.method === 'GET' && pathname === '/' ? searchParams.get('token') : null;
    const refusal = checkCaller(request, { fromAnywhere: token !== null });
    if (refusal !== null) return send(response, 403, 'text/plain; charset=utf-8', refusal);
    if (token !== null) {
      const cookie = session.exchange(token);
      if (cookie === null) return send(response, 403, 'text/html; charset=utf-8', notePage('used-link'));
      response.setHeader('Set-Cookie', cookie);
      return send(response, 200, 'text/html; charset=utf-8', entryPage());
    }
    if (!session.admits(request.headers.cookie)) {
      return send(response, 401, 'text/html; charset=utf-8', notePage('no-session'));
    }
    if (pathname.startsWith(requestPrefix)) {
      return answerRequest(request, response, pathname.slice(requestPrefix.length), { handlers, log });
    }
    if (pathname.startsWith(filePrefix)) {
      const ticket = pathname.slice(filePrefix.length);
      return takeFile(request, response, ticket, { arrivals: options.arrivals ?? null, log });
    }
    return serveFile(request, response, pathname, files);
  }

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const { pathname } = addressOf(request);
    const refusal =
      checkCaller(request, { originRequired: true }) ??
      (session.admits(request.headers.cookie) ? null : 'This needs the session that the link opens.');
    if (refusal !== null || pathname !== eventsPath) {
      socket.end(`HTTP/1.1 ${refusal === null ? '404 Not Found' : '403 Forbidden'}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });

  const answering = new Set<WebSocket>();
  sockets.on('connection', (client) => {
    answering.add(client);
    client.on('pong', () => answering.add(client));
    client.on('message', () => client.close(1008, 'this socket only tells'));
    client.on('error', () => client.terminate());
  });
  const stopEvents = events.subscribe((event) => {
    const text = JSON.stringify(event);
    for (const client of sockets.clients) {
      if (client.bufferedAmount > mostWaitingBytes) client.terminate();
      else if (client.readyState === client.OPEN) client.send(text);
    }
  });
  const ping = setInterval(() => {
    for (const client of sockets.clients) {
      if (answering.delete(client)) client.ping();
      else client.terminate();
    }
  }, pingEveryMs);

  const port = await listen(server, options.port ?? 0);
  const newLink = (): string => `http://127.0.0.1:${port}/?token=${session.newToken()}`;
  return {
    url: newLink(),
    port,
    newLink,
    async close() {
      clearInterval(ping);
      stopEvents();
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Only names that were found at the start are served, so no path can lead elsewhere. */
function serveFile(request: IncomingMessage, response: ServerResponse, pathname: string, files: PageFiles): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return send(response, 405, 'text/plain; charset=utf-8', 'This address only answers GET.');
  }
  const file = pageFile(files, pathname);
  if (file === undefined) return send(response, 404, 'text/plain; charset=utf-8', 'There is nothing at this address.');
  return send(response, 200, file.mediaType, file.bytes, request.method === 'HEAD');
}

/** An answer with the headers of every page. */
function send(
  response: ServerResponse,
  status: number,
  mediaType: string,
  body: string | Uint8Array,
  headOnly = false,
): void {
  response.writeHead(status, {
    ...pageHeaders(),
    'Content-Type': mediaType,
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(headOnly ? undefined : body);
}

/** What is asked for. An address that cannot be read is one at which there is nothing. */
function addressOf(request: IncomingMessage): Pick<URL, 'pathname' | 'searchParams'> {
  return URL.parse(request.url ?? '/', 'http://localhost') ?? new URL('http://localhost/unreadable');
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void =>
      reject(new AppError('request.port-taken', { port, reason: error.code ?? error.message }, { cause: error }));
    server.once('error', refuse);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refuse);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
