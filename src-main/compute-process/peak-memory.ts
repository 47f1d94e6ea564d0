import { readFileSync } from 'node:fs';

/**
 * The largest resident memory of this process, in bytes: the operating system's own high-water mark, which misses nothing between
 * two looks. On Linux the one of `/proc`, because `resourceUsage().maxRSS` there begins with what the parent process held.
 */
export class PeakMemory {
  end(): number {
    return (process.platform === 'linux' ? highWaterMark() : null) ?? process.resourceUsage().maxRSS * 1024;
  }
}

/** `VmHWM`, or null where the system does not tell. */
function highWaterMark(): number | null {
  let status: string;
  try {
    status = readFileSync('/proc/self/status', 'latin1');
  } catch {
    return null; // a system without /proc
  }
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}
