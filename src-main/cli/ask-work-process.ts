import { fileURLToPath } from 'node:url';
import { Cancelled } from '#core/base/cancel';
import { forkNode, type StartChild } from '#jobs/compute-child';
import { exitError } from '#jobs/exit-error';
import { nodeBinary } from '#jobs/node-binary';
import { RunFailed } from './run-failed.ts';
import type { TerminalProgress } from './terminal-progress.ts';
import type { FromWork, ToWork, WorkTask, WorkTasks } from './work-messages.ts';

export interface AskOptions {
  readonly signal: AbortSignal;
  readonly progress?: TerminalProgress | undefined;
  /** Time the process gets to stop by itself before it is killed. */
  readonly graceMs?: number;
  /** Only tests give one. */
  readonly start?: StartChild<ToWork, FromWork>;
}

/**
 * Has a task done in a process of its own and gives back the answer. When the signal is aborted the process is asked to
 * stop and, after the time of grace, killed: a step that keeps it busy for minutes cannot keep a person waiting.
 * Throws `Cancelled`, and `RunFailed` with what went wrong there; a fault of ours is an `Error` with the trace from there.
 */
export async function askWorkProcess<T extends WorkTask>(
  task: T,
  { signal, progress, graceMs = 500, start = forkNode({ entry: workEntry }) }: AskOptions,
): Promise<WorkTasks[T['kind']]['answer']> {
  if (signal.aborted) throw new Cancelled();
  const { promise, resolve, reject } = Promise.withResolvers<WorkTasks[T['kind']]['answer']>();
  let last: FromWork | null = null;
  let timer: NodeJS.Timeout | undefined;
  const child = start({
    onMessage(message) {
      if (message.kind === 'engine') progress?.engine(message.name);
      else if (message.kind === 'stage') progress?.stage(message.stage, message.fraction, message.text);
      else if (message.kind === 'step') progress?.step(message.progress);
      else last = message;
    },
    onExit(exit) {
      if (signal.aborted || last?.kind === 'cancelled') reject(new Cancelled());
      else if (last?.kind === 'done') resolve(last.answer as WorkTasks[T['kind']]['answer']);
      else if (last?.kind === 'fault') reject(Object.assign(new Error('in the work process'), { stack: last.trace }));
      else reject(new RunFailed(last?.kind === 'failed' ? last.error : exitError(exit, nodeBinary())));
    },
  });
  const stop = (): void => {
    child.send({ kind: 'cancel' });
    timer = setTimeout(() => child.kill(), graceMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  child.send({ kind: 'task', task });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  });
}

const workEntry = fileURLToPath(new URL('./work-process.ts', import.meta.url));
