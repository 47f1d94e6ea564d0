import { hostname } from 'node:os';

const ending = '.part';
const otherHostMs = 7 * 24 * 3600 * 1000;
const host = hostname().replace(/[^A-Za-z0-9]/g, '') || 'host';
let counter = 0;

/** A name for a file in the making that tells which process makes it: computer, process id, start of the process in seconds. */
export function temporaryName(stem: string): string {
  counter++;
  return `.${stem}~${host}~${process.pid}~${startSeconds()}~${counter}${ending}`;
}

/**
 * Whether a file of such a name was left by a process that is gone. Files of another computer count as left after a week,
 * because nobody here can tell whether that process lives. Names of other kinds are never ours to remove.
 */
export function isAbandoned(name: string, modifiedAt: () => number): boolean {
  const parts = name.endsWith(ending) ? name.slice(0, -ending.length).split('~') : [];
  if (parts.length !== 5) return false;
  const [, itsHost, pid, started] = parts;
  if (itsHost !== host) return Date.now() - modifiedAt() > otherHostMs;
  // the same number may be given to a later process: inside a container it usually is
  if (Number(pid) === process.pid) return Math.abs(Number(started) - startSeconds()) > 2;
  return !isAlive(Number(pid));
}

/** Whether a process of this number exists on this computer. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function startSeconds(): number {
  return Math.round(Date.now() / 1000 - process.uptime());
}
