import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { eventsPath, filePrefix, requestPrefix } from '#contract/browser-addresses';
import type { RunEvent } from '#contract/run-events';
import { decodeFrame } from '#contract/wire-format';
import { arrivalsIn } from '#handlers/arrivals';
import { createHandlers } from '#handlers/create-handlers';
import type { RunService } from '#handlers/services';
import { mostBodyBytes } from '#host/answer-request';
import { type BrowserHost, startBrowserHost } from '#host/start-browser-host';
import { missing, standInServices } from '../handlers/stand-in-services.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
}

let folder: string;
let host: BrowserHost;
let faults: unknown[];
let listeners: Set<(event: RunEvent) => void>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cpx-page-'));
  await mkdir(join(folder, 'page/assets'), { recursive: true });
  await writeFile(join(folder, 'page/index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(folder, 'page/assets/index.js'), 'export {};');
  await writeFile(join(folder, 'page/assets/notes.txt'), 'not a part of a page');
  await writeFile(join(folder, 'secret.json'), '{"secret":true}');
  await symlink(join(folder, 'secret.json'), join(folder, 'page/link.json'));
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  faults = [];
  listeners = new Set();
  const runs = missing<RunService>('runs', {
    cancel: () => Promise.resolve(true),
    history: () => Promise.reject(new Error('a fault with secrets')),
    result: () => Promise.resolve({ query: { predicted: Int32Array.of(2, 0) } } as never),
    figures: () => Promise.resolve([{ points: [NaN] }] as never),
  });
  const arrivals = arrivalsIn(join(folder, 'Dropped files'));
  host = await startBrowserHost({
    handlers: createHandlers(await standInServices({ runs, arrivals })),
    events: {
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    arrivals,
    rendererDir: join(folder, 'page'),
    log: (fault) => faults.push(fault),
  });
});
afterEach(() => host.close());

/** One request exactly as given: no client library tidies its path or its headers. */
function ask(
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { host: '127.0.0.1', port: host.port, path, method, headers: { host: own(), ...headers }, agent: false },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const bytes = Buffer.concat(parts);
          resolve({ status: response.statusCode!, headers: response.headers, bytes, text: bytes.toString('utf8') });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const own = (): string => `127.0.0.1:${host.port}`;
const linkPath = (link: string): string => link.slice(`http://${own()}`.length);

/** Opens the link and gives back the cookie. */
async function openSession(): Promise<string> {
  const answer = await ask(linkPath(host.newLink()));
  return String(answer.headers['set-cookie']).split(';')[0]!;
}

async function post(channel: string, args: unknown, changes: Record<string, string> = {}): Promise<Answer> {
  const headers: Record<string, string> = {
    cookie: await openSession(),
    origin: `http://${own()}`,
    'content-type': 'application/json',
    ...changes,
  };
  for (const [name, value] of Object.entries(changes)) if (value === '') delete headers[name];
  return ask(`${requestPrefix}${channel}`, { method: 'POST', headers, body: JSON.stringify(args) });
}

const replyOf = (answer: Answer): unknown => decodeFrame(Uint8Array.from(answer.bytes).buffer);

describe('files that are dropped', () => {
  const announced = async (): Promise<string> => {
    const told = { name: '../a.csv', sizeBytes: 4, together: 'abcdefghij0123456789' };
    return (replyOf(await post('files:announce', told)) as { ok: { ticket: string } }).ok.ticket;
  };
  const hand = async (ticket: string, body: string, changes: Record<string, string> = {}): Promise<Answer> => {
    const headers: Record<string, string> = {
      cookie: await openSession(),
      origin: `http://${own()}`,
      'content-type': 'application/octet-stream',
      ...changes,
    };
    for (const [name, value] of Object.entries(changes)) if (value === '') delete headers[name];
    return ask(`${filePrefix}${ticket}`, { method: 'POST', headers, body });
  };

  test('are taken under the last part of their name', async () => {
    const reply = replyOf(await hand(await announced(), 'abcd')) as { ok: string };
    expect(reply.ok.endsWith(join('abcdefghij0123456789', 'a.csv'))).toBe(true);
    await rm(join(folder, 'Dropped files'), { recursive: true });
  });

  test('need the session, the origin of the page, the type of bytes and a ticket', async () => {
    const ticket = await announced();
    expect((await hand(ticket, 'abcd', { cookie: '' })).status).toBe(401);
    expect((await hand(ticket, 'abcd', { origin: '' })).status).toBe(403);
    expect((await hand(ticket, 'abcd', { origin: 'http://evil.example' })).status).toBe(403);
    expect((await hand(ticket, 'abcd', { 'content-type': 'text/plain' })).status).toBe(415);
    expect(replyOf(await hand('x', 'abcd'))).toMatchObject({ error: { code: 'request.no-such-ticket' } });
    expect(replyOf(await hand(ticket, 'ab'))).toMatchObject({ error: { code: 'request.file-cut-off' } });
    expect(faults).toEqual([]);
  });
});

describe('the one-time link', () => {
  test('opens a session by a cookie that scripts cannot read and other sites cannot send', async () => {
    const answer = await ask(linkPath(host.url));
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^cellpredx-[0-9a-f]{12}=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/),
    ]);
    expect(answer.text).toContain('http-equiv="refresh" content="0; url=/"');
    expect(answer.text).not.toContain('token');
  });

  test('opens once', async () => {
    expect((await ask(linkPath(host.url))).status).toBe(200);
    const second = await ask(linkPath(host.url));
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  test('is needed: no, an empty and a wrong token open nothing', async () => {
    expect((await ask('/')).status).toBe(401);
    for (const token of ['', 'x', 'A'.repeat(43)]) {
      const answer = await ask(`/?token=${token}`);
      expect(answer.status).toBe(403);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect((await ask(linkPath(host.url))).status).toBe(200); // a wrong one does not use up the right one
  });

  test('may be followed from another page, and only it', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await ask(linkPath(host.url), { headers })).status).toBe(200);
    expect((await ask('/', { headers: { ...headers, cookie: await openSession() } })).status).toBe(403);
  });

  test('a cookie of another name, value or an empty one opens nothing', async () => {
    const cookie = await openSession();
    const [name, value] = cookie.split('=');
    for (const wrong of [`${name}=`, `${name}=${value}x`, `cellpredx=${value}`, `${name}x=${value}`, 'a=b']) {
      expect((await ask('/', { headers: { cookie: wrong } })).status).toBe(401);
    }
    expect((await ask('/', { headers: { cookie: `theme=dark; ${cookie}` } })).status).toBe(200);
  });
});

describe('who may speak', () => {
  test.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'localhost.evil.example:1', '[::1]'])(
    'the host name %j is refused, even with the session (DNS rebinding)',
    async (name) => {
      const cookie = await openSession();
      expect((await ask('/', { headers: { host: name, cookie } })).status).toBe(403);
      expect((await ask(linkPath(host.url), { headers: { host: name } })).status).toBe(403);
    },
  );

  test('localhost and the port of a tunnel are served', async () => {
    const cookie = await openSession();
    for (const name of ['localhost', 'localhost:9999', 'LOCALHOST:1', '127.0.0.1:9999']) {
      expect((await ask('/', { headers: { host: name, cookie } })).status).toBe(200);
    }
  });

  test.each(['http://evil.example', 'http://localhost:1', 'https://127.0.0.1', 'null', 'http://127.0.0.1:1'])(
    'the origin %j is refused, even with the session',
    async (origin) => {
      const answer = await post('run:cancel', { runId: 'r' }, { origin });
      expect(answer.status).toBe(403);
    },
  );

  test('a request without an origin is refused', async () => {
    expect((await post('run:cancel', { runId: 'r' }, { origin: '' })).status).toBe(403);
  });

  test.each(['cross-site', 'same-site'])('a request that the browser calls %s is refused', async (site) => {
    expect((await post('run:cancel', { runId: 'r' }, { 'sec-fetch-site': site })).status).toBe(403);
  });

  test('a request without a session is refused', async () => {
    expect((await post('run:cancel', { runId: 'r' }, { cookie: '' })).status).toBe(401);
  });

  test('the socket is bound to this computer only', async () => {
    const outside = connect({ host: '127.0.0.2', port: host.port });
    const [error] = (await once(outside, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});

describe('files', () => {
  test('those of the page are served with their types and the headers of every page', async () => {
    const cookie = await openSession();
    const page = await ask('/', { headers: { cookie } });
    expect(page.text).toContain('<title>page</title>');
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cache-control': 'no-store',
    });
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(page.headers['access-control-allow-origin']).toBeUndefined();
    const script = await ask('/assets/index.js', { headers: { cookie } });
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    const head = await ask('/', { method: 'HEAD', headers: { cookie } });
    expect([head.status, head.text]).toEqual([200, '']);
  });

  test.each([
    '/../secret.json',
    '/..%2fsecret.json',
    '/%2e%2e/secret.json',
    '/assets/..%2f..%2fsecret.json',
    '/assets/..%5c..%5csecret.json',
    '/%252e%252e/secret.json',
    '//etc/passwd',
    '/etc/passwd',
    'http://evil.example/secret.json',
    '/link.json',
    '/assets/',
    '/assets',
    '/assets/notes.txt',
    '/index.html%00.js',
    '/__proto__',
    '/%',
    '//',
  ])('%s leads nowhere', async (path) => {
    const answer = await ask(path, { headers: { cookie: await openSession() } });
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('secret');
  });

  test.each(['PUT', 'DELETE', 'OPTIONS', 'POST', 'PATCH'])('%s is not answered at a file', async (method) => {
    expect((await ask('/', { method, headers: { cookie: await openSession() } })).status).toBe(405);
  });
});

describe('requests', () => {
  test('are answered in a frame', async () => {
    expect(replyOf(await post('run:cancel', { runId: 'r' }))).toEqual({ ok: true });
  });

  test('give typed arrays back as typed arrays', async () => {
    const reply = replyOf(await post('run:result', { projectPath: folder, runId: 'r' }));
    expect(reply).toEqual({ ok: { query: { predicted: Int32Array.of(2, 0) } } });
  });

  test.each(['run:Cancel', 'toString', '__proto__', '', 'run:cancel/', 'run%3Acancel'])(
    'an unknown channel %j is refused',
    async (channel) => {
      expect((await post(channel, {})).status).toBe(404);
    },
  );

  test('bad arguments are refused with words', async () => {
    const reply = replyOf(await post('run:cancel', { runId: 'r', more: 1 }));
    expect(reply).toMatchObject({ error: { code: 'request.bad-arguments' } });
  });

  test('a body that is no JSON, or not declared as it, is refused', async () => {
    const headers = { cookie: await openSession(), origin: `http://${own()}` };
    const path = `${requestPrefix}run:cancel`;
    const json = { ...headers, 'content-type': 'application/json' };
    expect((await ask(path, { method: 'POST', headers: json, body: '{"runId":' })).status).toBe(400);
    expect((await ask(path, { method: 'POST', headers: json })).status).toBe(400);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
      const sent = { ...headers, 'content-type': type };
      expect((await ask(path, { method: 'POST', headers: sent, body: '{"runId":"r"}' })).status).toBe(415);
    }
    expect((await ask(path, { headers: json })).status).toBe(405);
  });

  test('a body beyond the limit is refused, whether it says its length or not', async () => {
    const body = JSON.stringify({ runId: 'r'.repeat(mostBodyBytes) });
    const headers = { cookie: await openSession(), origin: `http://${own()}`, 'content-type': 'application/json' };
    const path = `${requestPrefix}run:cancel`;
    const declared = { ...headers, 'content-length': String(body.length) };
    expect((await ask(path, { method: 'POST', headers: declared, body })).status).toBe(413);
    const chunked = { ...headers, 'transfer-encoding': 'chunked' };
    expect((await ask(path, { method: 'POST', headers: chunked, body })).status).toBe(413);
  });

  test('a fault of ours is told without its inside', async () => {
    const answer = await post('run:history', { runId: 'r' });
    expect(replyOf(answer)).toMatchObject({ error: { code: 'internal' } });
    expect(answer.text).not.toContain('secrets');
    expect(faults).toHaveLength(1);
  });

  test('a result that cannot be sent is a fault of ours and is told as one', async () => {
    const answer = await post('run:figures', { projectPath: folder, runId: 'r' });
    expect(replyOf(answer)).toMatchObject({ error: { code: 'internal' } });
    expect(faults).toEqual([expect.objectContaining({ channel: 'run:figures' })]);
  });
});

describe('the event socket', () => {
  const open = async (headers: Record<string, string>, path = eventsPath): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://${own()}${path}`, { headers });
    await once(socket, 'open');
    return socket;
  };
  const refused = async (headers: Record<string, string>, path = eventsPath): Promise<number> => {
    const socket = new WebSocket(`ws://${own()}${path}`, { headers });
    socket.on('error', () => undefined); // follows the answer and says the same
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    return response.statusCode;
  };

  test('tells events to every window', async () => {
    const headers = { cookie: await openSession(), origin: `http://${own()}` };
    const sockets = [await open(headers), await open(headers)];
    const messages = sockets.map((socket) => once(socket, 'message'));
    const event: RunEvent = { kind: 'finished', runId: 'r', seq: 3, elapsedMs: 10 };
    for (const listener of listeners) listener(event);
    for (const message of messages) {
      const [data] = (await message) as [Buffer];
      expect(JSON.parse(data.toString('utf8'))).toEqual(event);
    }
    sockets.forEach((socket) => socket.terminate());
  });

  test('is refused without a session, an origin, or with another one, another host or another address', async () => {
    const good = { cookie: await openSession(), origin: `http://${own()}` };
    expect(await refused({ origin: good.origin })).toBe(403);
    expect(await refused({ cookie: good.cookie })).toBe(403);
    expect(await refused({ ...good, origin: 'http://evil.example' })).toBe(403);
    expect(await refused({ ...good, host: 'evil.example', origin: 'http://evil.example' })).toBe(403);
    expect(await refused(good, '/elsewhere')).toBe(404);
  });

  test('takes no messages', async () => {
    const socket = await open({ cookie: await openSession(), origin: `http://${own()}` });
    socket.send('{"kind":"hello"}');
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1008);
  });

  test('ends with the host', async () => {
    const socket = await open({ cookie: await openSession(), origin: `http://${own()}` });
    const closed = once(socket, 'close');
    await host.close();
    await closed;
    expect(listeners.size).toBe(0);
  });
});

test('closing gives the port back, though a connection is open', async () => {
  const idle = connect({ host: '127.0.0.1', port: host.port });
  await once(idle, 'connect');
  idle.on('error', () => undefined);
  const { port } = host;
  await host.close();
  const next = await startBrowserHost({
    handlers: createHandlers(await standInServices()),
    events: { subscribe: () => () => undefined },
    rendererDir: join(folder, 'page'),
    port,
  });
  expect(next.port).toBe(port);
  await next.close();
  idle.destroy();
});

test('a folder without a page is refused at the start', async () => {
  const start = startBrowserHost({
    handlers: createHandlers(await standInServices()),
    events: { subscribe: () => () => undefined },
    rendererDir: join(folder, 'page/assets'),
  });
  await expect(start).rejects.toMatchObject({ code: 'request.page-not-built' });
});

test('a port that is taken is named', async () => {
  const start = startBrowserHost({
    handlers: createHandlers(await standInServices()),
    events: { subscribe: () => () => undefined },
    rendererDir: join(folder, 'page'),
    port: host.port,
  });
  await expect(start).rejects.toMatchObject({
    code: 'request.port-taken',
    message: `Port ${host.port} of this computer cannot be used (EADDRINUSE).`,
  });
});
