import { fork } from 'node:child_process';
import { AppError, type WireError } from '#core/base/app-error';
import type { Reply } from '#contract/reply';
import type { SideQuestion } from './side-questions.ts';

/** A program of ours that plain Node runs beside the main process. */
export interface Program {
  /** The Node that runs it; on the desktop this is not the program we are. */
  readonly nodePath: string;
  /** File of the program: TypeScript when run from source, JavaScript when built. */
  readonly entry: string;
}

export interface SideProcess {
  /**
   * Asks one question in a process of its own and gives back the answer. A crash, or more time than allowed, ends
   * that process only and is told as an error that names `about`.
   */
  ask(question: SideQuestion, options: { readonly about: string; readonly seconds: number }): Promise<unknown>;
}

/** Questions beyond this number wait for their turn. */
const mostAtOnce = 2;

/** Files are looked into beside the main process: a library that hangs or crashes on one cannot take the window with it. */
export function sideProcess(program: Program): SideProcess {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    async ask(question, options) {
      if (running >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
      running++;
      try {
        return await askOnce(program, question, options);
      } finally {
        running--;
        waiting.shift()?.();
      }
    },
  };
}

/** What the side process sends back: an answer, an error for the person, or the trace of a fault of ours. */
export type SideReply = Reply<unknown> | { readonly fault: string };

/** An error for the person that crossed from the side process with its code and words. */
export class SideError extends Error {
  override readonly name = 'SideError';
  readonly #wire: WireError;
  constructor(wire: WireError) {
    super(wire.message);
    this.#wire = wire;
  }

  toWire(): WireError {
    return this.#wire;
  }
}

function askOnce(
  { nodePath, entry }: Program,
  question: object,
  { about, seconds }: { readonly about: string; readonly seconds: number },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = fork(entry, [], {
      execPath: nodePath,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    let words = '';
    let reply: SideReply | null = null;
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, seconds * 1000);
    child.stderr!.setEncoding('utf8');
    child.stderr!.on('data', (text: string) => (words = (words + text).slice(-2000)));
    child.on('message', (message) => {
      reply = message as SideReply;
    });
    child.on('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      if (reply !== null) settle(reply, resolve, reject);
      else if (late) reject(new AppError('request.inspection-too-slow', { path: about, seconds }));
      else reject(new AppError('request.inspection-ended', { path: about, reason: howItEnded(code, signal, words) }));
    });
    child.send(question);
  });
}

function settle(reply: SideReply, resolve: (answer: unknown) => void, reject: (error: Error) => void): void {
  if ('ok' in reply) resolve(reply.ok);
  else if ('error' in reply) reject(new SideError(reply.error));
  else reject(new Error(`in the side process: ${reply.fault}`));
}

function howItEnded(code: number | null, signal: string | null, words: string): string {
  const last = words.trim().split('\n').at(-1) ?? '';
  return `${signal === null ? `exit code ${code}` : `signal ${signal}`}${last === '' ? '' : ` (${last})`}`;
}
