import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { AppError } from '#core/base/app-error';
import { isChannel } from '#contract/channels';
import { INTERNAL, type Reply } from '#contract/reply';
import { type Handlers, requests } from '#contract/requests';
import { SideError } from './side-process.ts';

/** Where faults of ours go, so that the person can name one and we can find it. */
export type FaultLog = (fault: { readonly id: string; readonly channel: string; readonly error: unknown }) => void;

/**
 * Answers one request, whichever front it comes from: parses the arguments, calls the handler, and turns what was
 * thrown into data. It never rejects. A fault that is not in the catalogue goes to the log under an id; the window
 * is told the id and nothing of the inside.
 */
export async function dispatch(
  handlers: Handlers,
  channel: unknown,
  args: unknown,
  log: FaultLog,
): Promise<Reply<unknown>> {
  try {
    if (!isChannel(channel)) throw new AppError('request.unknown-channel', { channel: String(channel).slice(0, 80) });
    const parsed = requests[channel].safeParse(args);
    if (!parsed.success) {
      throw new AppError('request.bad-arguments', { channel, problem: firstProblem(parsed.error) });
    }
    const handler = handlers[channel] as (args: unknown) => Promise<unknown>;
    return { ok: await handler(parsed.data) };
  } catch (error) {
    if (error instanceof AppError || error instanceof SideError) return { error: error.toWire() };
    return faultReply(nameOf(channel), error, log);
  }
}

/** Logs a fault of ours under an id, and gives back what the window may know of it. */
export function faultReply(channel: string, error: unknown, log: FaultLog): Reply<never> {
  const id = randomUUID().slice(0, 8);
  log({ id, channel, error });
  return {
    error: {
      code: INTERNAL,
      message: `Something went wrong inside the application (fault ${id}).`,
      remedy: 'Try again; if it happens again, report it with the lines of the log that name this fault.',
    },
  };
}

/** Writes a fault with its trace to the error output. */
export const logToStderr: FaultLog = ({ id, channel, error }) => {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`fault ${id} in ${channel}: ${trace}\n`);
};

/** The first thing that is wrong, with its place: `request.seed: Too small …`. */
export function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0]!;
  const place = issue.path.map(String).join('.');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}

function nameOf(channel: unknown): string {
  return typeof channel === 'string' ? channel.slice(0, 80) : typeof channel;
}
