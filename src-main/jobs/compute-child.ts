import { fork } from 'node:child_process';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { FromCompute, ToCompute } from '#compute/protocol';
import { nodeBinary } from './node-binary.ts';

/** A running compute process, as the queue sees it. */
export interface ComputeChild {
  /** Number of the process; undefined if it could not be started. */
  readonly pid: number | undefined;
  send(message: ToCompute): void;
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

/** Starts a compute process; `onExit` comes once, after the last message. */
export type StartCompute = (listeners: {
  onMessage: (message: FromCompute) => void;
  onExit: (exit: ChildExit) => void;
}) => ComputeChild;

const logBytes = 16 << 10;

/**
 * Starts the real one in plain Node.
 * @param entry path of the compute process's entry, where it was bundled elsewhere
 * @param heapMiB largest heap; three quarters of this computer's memory unless told otherwise
 * @param program the Node to start; only tests name one, as they give `args`
 */
export function forkCompute({
  entry = fileURLToPath(new URL('../compute-process/index.ts', import.meta.url)),
  args = [],
  heapMiB = Math.floor((totalmem() / 2 ** 20) * 0.75),
  program = nodeBinary(),
}: { entry?: string; args?: readonly string[]; heapMiB?: number; program?: string } = {}): StartCompute {
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
    child.on('message', (message) => onMessage(message as FromCompute));
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
