/**
 * Gene activity from fragments: fragments per second and peak memory of the counters alone, on fragments that are made as
 * they are counted, and of the whole way from a gzip file on disk, which is made for it and removed.
 *
 *     npm run bench -- gene-activity               2 million fragments
 *     FRAGMENTS=50000000 CELLS=10000 GENES=25000 SCRATCH=/big/disk npm run bench -- gene-activity
 */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ActivityCase, ActivityTime } from './measure/gene-activity.ts';
import { inOwnProcess } from './support/own-process.ts';
import { writeSimulatedFragments } from './support/simulated-fragments.ts';
import { scratch } from './support/synthetic-study.ts';
import { aligned, machine, numbersOf, type TableCell } from './support/table.ts';

const sizes = { fragments: numbersOf('FRAGMENTS', [2_000_000])[0]!, cells: numbersOf('CELLS', [10_000])[0]!, seed: 1 };
const genes = numbersOf('GENES', [25_000])[0]!;

console.log(`${machine()}\n${sizes.fragments} fragments, ${sizes.cells} cells, ${genes} genes.`);
mkdirSync(scratch, { recursive: true });
const path = join(scratch, `fragments-${process.pid}.tsv.gz`);
try {
  await writeSimulatedFragments(path, sizes);
  console.log(`The file has ${(statSync(path).size / 1e6).toFixed(0)} MB.`);
  const rows: TableCell[][] = [];
  for (const model of ['body', 'weighted'] as const) {
    for (const [from, asStudy] of [
      [sizes, false],
      [path, false],
      [path, true],
    ] as const) {
      const time = inOwnProcess<ActivityTime>('gene-activity', { model, genes, from, asStudy } satisfies ActivityCase);
      if ('refused' in time) throw new Error(time.refused);
      const counting = time.countingSeconds + time.finishingSeconds;
      const whole = typeof from === 'string';
      rows.push([
        model,
        asStudy ? 'as a run does' : whole ? 'from the file' : 'counting alone',
        whole ? time.seconds : counting,
        whole ? time.processorSeconds : counting,
        time.fragments / 1e6 / (whole ? time.seconds : counting),
        time.values / 1e6,
        time.used,
        time.peakBytes / 1e6,
      ]);
    }
  }
  console.log(
    aligned(
      ['model', '', 'seconds', 'processor s', 'million fragments/s', 'million values', 'share used', 'peak MB'],
      rows,
    ),
  );
  console.log(
    'Counting alone: processor time of the thread that counts. From the file: time on the clock. As a run does: read twice, to tell\n' +
      'the cells, with their quality and windows for their neighbours, rows beyond memory on disk.',
  );
} finally {
  rmSync(path, { force: true });
}
