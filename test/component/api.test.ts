import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { browserTransport } from '#api/browser-transport';
import { clientOver } from '#api/create-client';
import { RequestError } from '#api/request-error';
import { RunWatch } from '#api/run-watch';
import { standIn } from '#api/stand-in';
import type { RunEvent } from '#contract/run-events';
import { encodeFrame } from '#contract/wire-format';

const at = (seq: number, runId = 'r'): RunEvent => ({ kind: 'queued', position: 0, runId, seq, elapsedMs: seq });
const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe('watching a run', () => {
  test('tells the history first, then what happens, each event once and in order', async () => {
    const { client, emit } = standIn();
    for (const seq of [0, 1, 2]) emit(at(seq));
    emit(at(0, 'other'));
    const seen: number[] = [];
    const stop = client.watchRun('r', (event) => seen.push(event.seq));
    emit(at(3)); // while the history is on its way
    await settled();
    emit(at(4));
    emit(at(1, 'other'));
    stop();
    emit(at(5));
    await settled();
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  test('fills in what was missed while the connection was lost', async () => {
    const { client, emit, setConnection } = standIn();
    const seen: number[] = [];
    client.watchRun('r', (event) => seen.push(event.seq));
    await settled();
    emit(at(0));
    setConnection('lost');
    emit(at(1));
    emit(at(2));
    expect(seen).toEqual([0]);
    setConnection('open');
    await settled();
    expect(seen).toEqual([0, 1, 2]);
  });

  test('fills a gap from the history before it goes on', async () => {
    const asked: number[] = [];
    const seen: number[] = [];
    const watch = new RunWatch(
      (event) => seen.push(event.seq),
      (after) => {
        asked.push(after);
        return Promise.resolve([at(1), at(2)]);
      },
    );
    watch.receive(at(0));
    watch.receive(at(2));
    watch.receive(at(3));
    expect(seen).toEqual([0]);
    await settled();
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(asked).toEqual([0]);
  });

  test('goes on with a history whose beginning is no longer kept', async () => {
    const seen: number[] = [];
    const watch = new RunWatch(
      (event) => seen.push(event.seq),
      () => Promise.resolve([at(40), at(41)]),
    );
    watch.catchUp();
    await settled();
    watch.receive(at(42));
    expect(seen).toEqual([40, 41, 42]);
  });

  test('says that a history could not be had, and tries again when asked', async () => {
    const problems: RequestError[] = [];
    let fail = true;
    const seen: number[] = [];
    const lost = new RequestError({ code: 'connection.lost', message: 'm', remedy: 'r' });
    const watch = new RunWatch(
      (event) => seen.push(event.seq),
      () => (fail ? Promise.reject(lost) : Promise.resolve([at(0)])),
      (problem) => problems.push(problem),
    );
    watch.catchUp();
    await settled();
    fail = false;
    watch.catchUp();
    await settled();
    expect(problems).toEqual([lost]);
    expect(seen).toEqual([0]);
  });
});

describe('the stand-in', () => {
  test('parses arguments as the services do and remembers what was asked', async () => {
    const { client, asked } = standIn({ 'run:cancel': () => Promise.resolve(true) });
    await expect(client.request('run:cancel', { runId: 'r' })).resolves.toBe(true);
    await expect(client.request('run:cancel', { runId: '' })).rejects.toThrow();
    expect(asked).toEqual([{ channel: 'run:cancel', args: { runId: 'r' } }]);
  });

  test('an error of a handler arrives as the error of the request', async () => {
    const wire = { code: 'reading.x', message: 'what is wrong', remedy: 'what to do' };
    const { client } = standIn({ 'run:cancel': () => Promise.reject(new RequestError(wire)) });
    await expect(client.request('run:cancel', { runId: 'r' })).rejects.toMatchObject(wire);
  });

  test('a channel that nobody prepared is a fault of the test', async () => {
    await expect(standIn().client.request('methods:list', {})).rejects.toThrow('no handler was given for methods:list');
  });
});

/** The page's WebSocket, opened and closed by the test. */
class Socket extends EventTarget {
  static readonly made: Socket[] = [];
  readonly address: string;
  constructor(address: string) {
    super();
    this.address = address;
    Socket.made.push(this);
  }
  open(): void {
    this.dispatchEvent(new Event('open'));
  }
  tell(event: RunEvent): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event) }));
  }
  close(): void {
    this.dispatchEvent(new Event('close'));
  }
}

describe('the browser front', () => {
  const place = { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' };
  const frame = (value: unknown) => new Response(encodeFrame(value));
  let fetched: { address: string; init: RequestInit }[];
  let answer: () => Promise<Response>;

  beforeEach(() => {
    vi.useFakeTimers();
    Socket.made.length = 0;
    fetched = [];
    vi.stubGlobal('WebSocket', Socket);
    vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
      fetched.push({ address, init });
      return answer();
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  test('a request is a POST of JSON, its answer a frame with typed arrays', async () => {
    answer = () => Promise.resolve(frame({ ok: { predicted: Int32Array.of(3) } }));
    const result = await clientOver(browserTransport(place)).request('run:result', { projectPath: 'p', runId: 'r' });
    expect(result).toEqual({ predicted: Int32Array.of(3) });
    expect(fetched[0]).toMatchObject({
      address: 'http://127.0.0.1:8080/request/run:result',
      init: {
        method: 'POST',
        body: '{"projectPath":"p","runId":"r"}',
        headers: { 'Content-Type': 'application/json' },
      },
    });
  });

  test.each([
    ['an error', () => frame({ error: { code: 'reading.x', message: 'm', remedy: 'r' } }), 'reading.x'],
    ['the end of the session', () => new Response('', { status: 401 }), 'connection.session-over'],
    ['a refusal', () => new Response('too large', { status: 413 }), 'connection.refused'],
  ])('%s becomes an error that can be shown', async (_, response, code) => {
    answer = () => Promise.resolve(response());
    const request = clientOver(browserTransport(place)).request('system:about', {});
    await expect(request).rejects.toMatchObject({ name: 'RequestError', code });
  });

  test('no answer at all is a lost connection', async () => {
    answer = () => Promise.reject(new TypeError('Failed to fetch'));
    const request = clientOver(browserTransport(place)).request('system:about', {});
    await expect(request).rejects.toMatchObject({ code: 'connection.lost' });
  });

  test('the event socket comes back by itself, more slowly each time, and what was missed is fetched', async () => {
    answer = () => Promise.resolve(frame({ ok: [at(0), at(1)] }));
    const client = clientOver(browserTransport(place));
    const states: string[] = [];
    const seen: number[] = [];
    client.onConnection((state) => states.push(state));
    client.watchRun('r', (event) => seen.push(event.seq));
    expect(Socket.made.map(({ address }) => address)).toEqual(['ws://127.0.0.1:8080/events']);
    Socket.made[0]!.open();
    await vi.advanceTimersByTimeAsync(1);
    Socket.made[0]!.tell(at(2));

    answer = () => Promise.resolve(frame({ ok: [at(3)] }));
    Socket.made[0]!.close();
    await vi.advanceTimersByTimeAsync(250);
    expect(Socket.made).toHaveLength(2);
    Socket.made[1]!.close(); // the second failure in a row is told
    expect(states.at(-1)).toBe('lost');
    await vi.advanceTimersByTimeAsync(499);
    expect(Socket.made).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    Socket.made[2]!.open();
    await vi.advanceTimersByTimeAsync(1);
    Socket.made[2]!.tell(at(4));
    expect(states.at(-1)).toBe('open');
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  test('one socket serves all listeners', () => {
    const transport = browserTransport(place);
    const seen: string[] = [];
    const stop = transport.onEvent(() => seen.push('a'));
    transport.onEvent(() => seen.push('b'));
    Socket.made[0]!.tell(at(0));
    stop();
    Socket.made[0]!.tell(at(1));
    expect(Socket.made).toHaveLength(1);
    expect(seen).toEqual(['a', 'b', 'b']);
  });
});
