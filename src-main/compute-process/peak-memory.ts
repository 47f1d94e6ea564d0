import { readFileSync } from 'node:fs';

/**
 * The largest resident memory of this process, in bytes. The operating system's own high-water mark counts from the start of the
 * process and misses nothing between two looks. On Linux `resourceUsage().maxRSS` begins with the memory of the process
 * that started this one, so there the mark of this program alone is read.
 */
export class PeakMemory {
  end(): number {
    const ofProgram = process.platform === 'linux' ? /VmHWM:\s+(\d+) kB/.exec(statusText()) : null;
    return (ofProgram === null ? process.resourceUsage().maxRSS : Number(ofProgram[1])) * 1024;
  }
}

/** Empty where the system does not show it, as in some sandboxes. */
function statusText(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return '';
    throw error;
  }
}
