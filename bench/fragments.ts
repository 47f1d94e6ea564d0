/**
 * Reading a fragments file, gzip, simulated for it and removed: fragments per second and peak memory. What comes after the
 * reading is measured by gene-activity.
 *
 *     npm run bench -- fragments                   2 million fragments
 *     FRAGMENTS=50000000 CELLS=100000 SCRATCH=/big/disk npm run bench -- fragments
 */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadingTime } from './measure/fragments.ts';
import { inOwnProcess } from './support/own-process.ts';
import { writeSimulatedFragments } from './support/simulated-fragments.ts';
import { scratch } from './support/synthetic-study.ts';
import { aligned, machine, numbersOf } from './support/table.ts';

const fragments = numbersOf('FRAGMENTS', [2_000_000])[0]!;
mkdirSync(scratch, { recursive: true });
const path = join(scratch, `fragments-${process.pid}.tsv.gz`);
console.log(machine());
try {
  const rows = [];
  for (const cells of numbersOf('CELLS', [10_000])) {
    await writeSimulatedFragments(path, { fragments, cells, seed: 1 });
    const time = inOwnProcess<ReadingTime>('fragments', { path });
    if ('refused' in time) throw new Error(time.refused);
    const millions = time.fragments / 1e6;
    rows.push([
      millions,
      time.barcodes,
      statSync(path).size / 1e6,
      time.seconds,
      millions / time.seconds,
      millions / time.threadSeconds,
      time.processorSeconds,
      time.peakBytes / 1e6,
    ]);
  }
  const [rate, own] = ['million/s on the clock', 'million/s of the thread'];
  console.log(
    aligned(['million fragments', 'barcodes', 'file MB', 'seconds', rate, own, 'processor s', 'peak MB'], rows),
  );
  console.log('Of the thread: processor time of the thread that parses; unpacking is done on another.');
} finally {
  rmSync(path, { force: true });
}
