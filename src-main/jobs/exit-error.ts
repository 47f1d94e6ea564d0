import { AppError, type WireError } from '#core/base/app-error';
import type { ChildExit } from './compute-child.ts';

/** Why a compute process ended that gave neither a result nor a reason, in words that a person can act on. */
export function exitError({ code, signal, log, startError }: ChildExit, program: string): WireError {
  if (startError !== null)
    return new AppError('project.run-not-started', { program, detail: startError.message }).toWire();
  const outOfMemory = /heap out of memory|Reached heap limit|out of memory/i.exec(log);
  if (outOfMemory !== null)
    return new AppError('project.run-out-of-memory', { detail: lineOf(log, outOfMemory) }).toWire();
  if (signal === 'SIGKILL' || signal === 'SIGTERM') return new AppError('project.run-killed', { signal }).toWire();
  const how = signal === null ? `exit code ${code}` : signal;
  return new AppError('project.run-crashed', { how, lastLine: lastLine(log) }).toWire();
}

function lineOf(log: string, { index }: RegExpExecArray): string {
  return log
    .slice(log.lastIndexOf('\n', index) + 1)
    .split('\n', 1)[0]!
    .trim();
}

/** The message of an uncaught error, else the last line that is not part of a stack. */
function lastLine(log: string): string {
  const lines = log.split('\n').map((line) => line.trim());
  const message = lines.findLast((line) => /^(Uncaught )?\w*Error\b/.test(line));
  return message ?? lines.findLast((line) => line !== '' && !/^(at |Node\.js v|\^|})/.test(line)) ?? '';
}
