import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '#core/base/app-error';
import type { Reply } from '#contract/reply';
import type { Arrivals } from '#handlers/arrivals';
import { type FaultLog, faultReply } from '#handlers/dispatch';
import { refuse, sendReply } from './answer-request.ts';

/**
 * Answers `POST /file/<ticket>`: the body is a file that was announced (`files:announce`), the answer a frame with its
 * path. The type of the body is one that no form of another page can send.
 */
export async function takeFile(
  request: IncomingMessage,
  response: ServerResponse,
  ticket: string,
  { arrivals, log }: { readonly arrivals: Arrivals | null; readonly log: FaultLog },
): Promise<void> {
  if (request.method !== 'POST') return refuse(request, response, 405, 'Files are handed over by POST.');
  if (request.headers.origin === undefined) return refuse(request, response, 403, 'A file needs an origin.');
  if (request.headers['content-type'] !== 'application/octet-stream')
    return refuse(request, response, 415, 'A file is handed over as application/octet-stream.');
  let reply: Reply<string>;
  try {
    if (arrivals === null) throw new AppError('request.no-such-ticket', undefined);
    reply = { ok: await arrivals.receive(ticket, request as AsyncIterable<Buffer>) };
  } catch (error) {
    reply = error instanceof AppError ? { error: error.toWire() } : faultReply('file', error, log);
  }
  if (response.destroyed || request.socket.destroyed) return; // the window has gone
  sendReply(response, reply, 'file', log);
}
