import { fork } from 'node:child_process';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { FromCompute, ToCompute } from '#compute/protocol';
import { nodeBinary } from './node-binary.ts';

/** A running process of ours, as the one that started it sees it. */
export interface Child<Told> {
  /** Number of the process; undefined if it could not be started. */
  readonly pid: number | undefined;
  send(message: Told): void;
  /** Ends it at once, whatever it does. */
  kill(): void;
}

export interface ChildExit {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of what it printed. */
  readonly log: string;
  /** Why it could not be started; null if it was. */
  readonly startError: Error | null;
}

/** Starts a process; `onExit` comes once, after the last message. */
export type StartChild<Told, Heard> = (listeners: {
  onMessage: (message: Heard) => void;
  onExit: (exit: ChildExit) => void;
}) => Child<Told>;

export type ComputeChild = Child<ToCompute>;
export type StartCompute = StartChild<ToCompute, FromCompute>;

export interface ForkOptions {
  /** Path of the program. */
  readonly entry: string;
  readonly args?: readonly string[];
  /** Largest heap; three quarters of this computer's memory unless told otherwise. */
  readonly heapMiB?: number;
  /** The Node to start; only tests name one. */
  readonly program?: string;
}

const logBytes = 16 << 10;

/** Starts the compute process; its entry is named where it was bundled elsewhere. */
export function forkCompute({
  entry = fileURLToPath(new URL('../compute-process/index.ts', import.meta.url)),
  ...options
}: Partial<ForkOptions> = {}): StartCompute {
  return forkNode({ entry, ...options });
}

/**
 * Starts a program of ours in plain Node. What it prints is kept for the message of a crash and not shown.
 * It should take no notice of SIGINT: Ctrl-C in a terminal reaches every process there, and who started it will tell.
 */
export function forkNode<Told extends object, Heard>({
  entry,
  args = [],
  heapMiB = Math.floor((totalmem() / 2 ** 20) * 0.75),
  program = nodeBinary(),
}: ForkOptions): StartChild<Told, Heard> {
  return ({ onMessage, onExit }) => {
    const child = fork(entry, args, {
      execPath: program,
      execArgv: [`--max-old-space-size=${heapMiB}`],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let log = '';
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => (log = (log + text).slice(-logBytes)));
    }
    child.on('message', (message) => onMessage(message as Heard));
    let over = false;
    const end = (exit: Omit<ChildExit, 'log'>): void => {
      if (!over) onExit({ ...exit, log });
      over = true;
    };
    child.on('error', (startError) => {
      // also comes when a message cannot be sent to a child that has just ended; its exit says more
      if (child.pid === undefined) end({ code: null, signal: null, startError });
    });
    child.on('close', (code, signal) => {
      if (child.pid !== undefined) end({ code, signal, startError: null });
    });
    return {
      pid: child.pid,
      send: (message) => void (child.connected && child.send(message)),
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
