import type { IncomingMessage, ServerResponse } from 'node:http';
import { isChannel } from '#contract/channels';
import { pageHeaders } from '#contract/page-headers';
import type { Reply } from '#contract/reply';
import type { Handlers } from '#contract/requests';
import { encodeFrame } from '#contract/wire-format';
import { dispatch, type FaultLog, faultReply } from '#handlers/dispatch';

/** Requests are small: paths, names, settings. */
export const mostBodyBytes = 1024 * 1024;

/**
 * Answers `POST /request/<channel>` with a JSON body. The answer is a frame (`wire-format.ts`) that holds a `Reply`;
 * what is wrong with the HTTP request itself is told by the status.
 */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  channel: string,
  services: { readonly handlers: Handlers; readonly log: FaultLog },
): Promise<void> {
  if (request.method !== 'POST') return refuse(request, response, 405, 'Requests are made by POST.');
  if (request.headers.origin === undefined) return refuse(request, response, 403, 'A request needs an origin.');
  if (!isChannel(channel)) return refuse(request, response, 404, 'There is no such request.');
  if (!/^application\/json(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    return refuse(request, response, 415, 'The body must be JSON.');
  }
  const body = await readBody(request);
  if (body === null) return refuse(request, response, 413, `The body may have ${mostBodyBytes} bytes.`);
  let args: unknown;
  try {
    args = JSON.parse(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse(request, response, 400, 'The body is not JSON.');
  }
  const reply = await dispatch(services.handlers, channel, args, services.log);
  sendReply(response, reply, channel, services.log);
}

/** Sends a reply as a frame with the headers of every page. */
export function sendReply(response: ServerResponse, reply: Reply<unknown>, channel: string, log: FaultLog): void {
  const frame = frameOf(reply, channel, log);
  response.writeHead(200, {
    ...pageHeaders(),
    'Content-Type': 'application/octet-stream',
    'Content-Length': frame.byteLength,
  });
  response.end(frame);
}

/** The frame of a reply; a result that cannot be sent is a fault of ours. */
function frameOf(reply: Reply<unknown>, channel: string, log: FaultLog): Uint8Array<ArrayBuffer> {
  try {
    return encodeFrame(reply);
  } catch (error) {
    return encodeFrame(faultReply(channel, error, log));
  }
}

/** The body as text, or null once it is longer than it may be. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > mostBodyBytes) return null;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostBodyBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Says why, and closes the connection: what is left of the body is not read. */
export function refuse(request: IncomingMessage, response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, {
    ...pageHeaders(),
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(why),
    Connection: 'close',
    ...(status === 405 ? { Allow: 'POST' } : {}),
  });
  response.end(why);
  request.resume();
}
