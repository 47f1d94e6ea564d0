import { type ChildProcess, fork } from 'node:child_process';
import { AppError, type WireError } from '#core/base/app-error';
import type { Reply } from '#contract/reply';
import type { WorkProgress } from '#contract/requests';
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
   * Asks one question and gives back the answer. A crash, more time than allowed without a word, or a question taken
   * back ends the process that was asked and is told as an error that names `about`. A process that was ended from
   * outside says nothing of the question, which is then asked once more, unless its answer writes files.
   */
  ask(question: SideQuestion, options: AskOptions): Promise<unknown>;
  /** Starts a process that waits for the first question, so that its answer does not wait for the start. */
  warmUp(): void;
  /** Ends the processes that wait for questions. */
  close(): void;
}

export interface AskOptions {
  readonly about: string;
  /** How long nothing may be heard: neither an answer nor how far it is. */
  readonly seconds: number;
  /** Told how far the answer is, as far as the question tells. */
  readonly progress?: ((done: WorkProgress) => void) | undefined;
  /** Takes the question back when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** What the side process sends back: an answer, an error for the person, or the trace of a fault of ours. */
export type SideReply = Reply<unknown> | { readonly fault: string };

/** What it sends before. */
export interface SideProgress {
  readonly progress: WorkProgress;
}

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

/** Questions beyond this number wait for their turn. */
const mostAtOnce = 2;
/** A process that was not asked for so long ends: it holds memory, and starting one takes about a second. */
const idleMs = 600_000;

/**
 * Files are looked into beside the main process: a library that hangs or crashes on one cannot take the window with
 * it. A process answers one question at a time and waits a while for the next.
 */
export function sideProcess(program: Program): SideProcess {
  const idle: Helper[] = [];
  const waiting: (() => void)[] = [];
  let running = 0;
  const putAside = (helper: Helper): void => {
    idle.push(helper);
    helper.rest(() => {
      const place = idle.indexOf(helper);
      if (place >= 0) idle.splice(place, 1);
    });
  };
  const askOf = async (find: () => Helper, question: SideQuestion, options: AskOptions): Promise<unknown> => {
    if (options.signal?.aborted === true) throw new AppError('request.taken-back', { path: options.about });
    const helper = find();
    try {
      return await helper.ask(question, options);
    } finally {
      if (helper.alive()) putAside(helper);
    }
  };
  return {
    warmUp: () => putAside(startHelper(program)),
    async ask(question, options) {
      if (running >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
      running++;
      try {
        const known = (): Helper => nextAlive(idle) ?? startHelper(program);
        return await askOf(known, question, options).catch((error: unknown) => {
          if (!wasKilled(error) || writesFiles(question)) throw error;
          return askOf(() => startHelper(program), question, options); // those that wait may have been ended with it
        });
      } finally {
        running--;
        waiting.shift()?.();
      }
    },
    close() {
      for (const helper of idle.splice(0)) helper.end();
    },
  };
}

/** Takes the process put aside last; those that ended meanwhile are dropped. */
function nextAlive(idle: Helper[]): Helper | undefined {
  let helper = idle.pop();
  while (helper !== undefined && !helper.alive()) helper = idle.pop();
  return helper;
}

/** One process. */
interface Helper {
  ask(question: SideQuestion, options: AskOptions): Promise<unknown>;
  alive(): boolean;
  /** Waits for the next question without keeping the program open; `ended` is called if the wait ends without one. */
  rest(ended: () => void): void;
  end(): void;
}

function startHelper({ nodePath, entry }: Program): Helper {
  const child = fork(entry, [], {
    execPath: nodePath,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  let ended = false;
  let words = '';
  let idleTimer: NodeJS.Timeout | undefined;
  let whenIdleEnds: (() => void) | null = null;
  child.stderr!.setEncoding('utf8');
  child.stderr!.on('data', (text: string) => (words = (words + text).slice(-2000)));
  child.on('error', () => (ended = true)); // told to who asked; without a listener it would end this program
  child.once('close', () => {
    ended = true;
    whenIdleEnds?.();
  });
  const end = (): void => void child.kill('SIGKILL');
  return {
    end,
    alive: () => !ended && child.connected,
    rest(onEnd) {
      whenIdleEnds = onEnd;
      idleTimer = setTimeout(end, idleMs).unref();
      hold(child, false);
    },
    ask(question, { about, seconds, progress, signal: takenBack }) {
      clearTimeout(idleTimer);
      whenIdleEnds = null;
      hold(child, true);
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      let why: AppError | null = null;
      const endBecause = (error: AppError): void => {
        why ??= error;
        end();
      };
      const limit = setTimeout(
        () => endBecause(new AppError('request.inspection-too-slow', { path: about, seconds })),
        seconds * 1000,
      );
      const stop = (): void => endBecause(new AppError('request.taken-back', { path: about }));
      const heard = (message: unknown): void => {
        limit.refresh();
        if (isProgress(message)) progress?.(message.progress);
        else settle(message as SideReply, resolve, reject);
      };
      const closed = (code: number | null, signal: string | null): void =>
        reject(why ?? endOf(about, code, signal, words));
      child.on('message', heard).once('close', closed).once('error', reject);
      takenBack?.addEventListener('abort', stop, { once: true });
      child.send(question, (error) => error && end());
      return promise.finally(() => {
        clearTimeout(limit);
        takenBack?.removeEventListener('abort', stop);
        child.off('message', heard).off('close', closed).off('error', reject);
      });
    },
  };
}

/** Whether the child keeps this program from ending. */
function hold(child: ChildProcess, on: boolean): void {
  const word = on ? 'ref' : 'unref';
  child[word]();
  child.channel?.[word]();
  (child.stderr as unknown as { ref(): void; unref(): void })[word]();
}

function isProgress(message: unknown): message is SideProgress {
  return typeof message === 'object' && message !== null && 'progress' in message;
}

function settle(reply: SideReply, resolve: (answer: unknown) => void, reject: (error: Error) => void): void {
  if ('ok' in reply) resolve(reply.ok);
  else if ('error' in reply) reject(new SideError(reply.error));
  else reject(new Error(`in the side process: ${reply.fault}`));
}

/** Why a process ended that gave no answer. Nothing in it sends these two signals: they come from a person or the system. */
function endOf(about: string, code: number | null, signal: string | null, words: string): AppError {
  if (signal === 'SIGKILL' || signal === 'SIGTERM')
    return new AppError('request.inspection-killed', { path: about, signal });
  return new AppError('request.inspection-ended', { path: about, reason: howItEnded(code, signal, words) });
}

function writesFiles({ kind }: SideQuestion): boolean {
  return kind === 'export' || kind === 'archive';
}

function wasKilled(error: unknown): boolean {
  return error instanceof AppError && error.code === 'request.inspection-killed';
}

function howItEnded(code: number | null, signal: string | null, words: string): string {
  const last = words.trim().split('\n').at(-1) ?? '';
  return `${signal === null ? `exit code ${code}` : `signal ${signal}`}${last === '' ? '' : ` (${last})`}`;
}
