import { FragmentReading } from '#formats/fragments/fragment-reading';
import { answer } from '../support/own-process.ts';

export interface ReadingTime {
  readonly fragments: number;
  readonly barcodes: number;
  readonly seconds: number;
  /** Processor time of the thread that parses, and of all threads: unpacking is done on another. */
  readonly threadSeconds: number;
  readonly processorSeconds: number;
}

/** Reads a fragments file to its end. */
export async function readingTime({ path }: { path: string }): Promise<ReadingTime> {
  const begun = performance.now();
  const [all, thread] = [process.cpuUsage(), process.threadCpuUsage()];
  const reading = new FragmentReading(path);
  let fragments = 0;
  for await (const block of reading) fragments += block.length;
  const seconds = ({ user, system }: { user: number; system: number }): number => (user + system) / 1e6;
  return {
    fragments,
    barcodes: reading.barcodes.length,
    seconds: (performance.now() - begun) / 1000,
    threadSeconds: seconds(process.threadCpuUsage(thread)),
    processorSeconds: seconds(process.cpuUsage(all)),
  };
}

if (import.meta.main) await answer(readingTime);
