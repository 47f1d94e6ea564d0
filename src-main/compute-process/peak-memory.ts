/**
 * The largest resident memory of this process, in bytes. The operating system's own high-water mark
 * (`resourceUsage().maxRSS`) counts from the start of the process and misses nothing between two looks.
 */
export class PeakMemory {
  end(): number {
    return process.resourceUsage().maxRSS * 1024;
  }
}
