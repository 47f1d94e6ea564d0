import { constants, setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { AppError } from '#core/base/app-error';
import { Cancelled } from '#core/base/cancel';
import { AttemptOver } from '#store/attempt-over';
import { PauseWish } from './pause-wish.ts';
import { exitCodes, ToCompute, type FromCompute } from './protocol.ts';
import { runError } from './run-error.ts';
import { runJob, type Runner } from './run-job.ts';

/*
 * The compute process: started by the jobs service, one per job, in plain Node. It gets the job as its first message, does
 * it, and ends. It goes on while windows close, but not without the process that started it: what nobody can watch or
 * cancel must not hold the computer. The run is then found interrupted and goes on from its last checkpoint.
 */

setPriority(constants.priority.PRIORITY_BELOW_NORMAL); // training takes every core; the window comes first
const cancel = new AbortController();
const pause = new PauseWish(() => cancel.abort());
const parent = process.ppid;

process.on('SIGINT', () => undefined); // Ctrl-C reaches every process of a terminal; the one that started this cancels it
process.on('disconnect', () => process.exit(exitCodes.parentGone));
process.on('message', (message: unknown) => {
  const parsed = ToCompute.parse(message);
  if (parsed.kind === 'cancel') return cancel.abort();
  if (parsed.kind === 'pause') return pause.ask();
  void end(async () => {
    await runJob(parsed, await loadRunner(), cancel.signal, (event) => tell({ kind: 'event', event }), {
      check: endWithParent,
      pause,
    });
  });
});

async function end(work: () => Promise<void>): Promise<void> {
  let code: number = exitCodes.done;
  let last: FromCompute = { kind: 'ended' };
  try {
    await work();
  } catch (error) {
    if (error instanceof Cancelled || error instanceof AttemptOver) {
      code = exitCodes.cancelled;
    } else {
      console.error(error instanceof AppError ? `error[${error.code}]: ${error.message}` : error);
      code = exitCodes.failed;
      last = { kind: 'failed', error: runError(error) };
    }
  }
  if (!process.connected) process.exit(code);
  process.send!(last, () => process.exit(code)); // after the message has left; threads of an engine may still stand
}

function tell(message: FromCompute): void {
  if (process.connected) process.send!(message);
}

/** A step that keeps the event loop busy does not hear of the end of its parent; its process id changes at once. */
function endWithParent(): void {
  if (process.ppid !== parent) process.exit(exitCodes.parentGone);
}

/** The run itself; a test names another module with an export `runAnnotation`. */
async function loadRunner(): Promise<Runner> {
  const { values } = parseArgs({ options: { runner: { type: 'string' } } });
  if (values.runner === undefined) return (await import('./run-annotation.ts')).runAnnotation;
  const module = (await import(pathToFileURL(values.runner).href)) as { runAnnotation: Runner };
  return module.runAnnotation;
}
