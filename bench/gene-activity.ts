/**
 * Counting gene activity from fragments: fragments per second and peak memory of the counters alone, without reading. The
 * fragments are simulated block by block and sorted by position; making them is timed apart. Times are processor time of the
 * thread, so that other programs do not count.
 *
 *     npm run bench -- gene-activity
 *     FRAGMENTS=50000000 CELLS=10000 GENES=25000 npm run bench -- gene-activity
 */
import { EveryBarcode } from '../src-main/core/chromatin/cell-rows.ts';
import { type ActivityCounter, GeneActivityCounter } from '../src-main/core/chromatin/gene-activity.ts';
import { WeightedActivityCounter } from '../src-main/core/chromatin/weighted-activity.ts';
import { storedIn } from '../src-main/core/data/sparse-rows.ts';
import { simulatedFragments, simulatedGenes } from './support/simulated-fragments.ts';
import { aligned, machine, numbersOf, wordsOf } from './support/table.ts';

const fragments = numbersOf('FRAGMENTS', [10_000_000])[0]!;
const cells = numbersOf('CELLS', [10_000])[0]!;
const genes = simulatedGenes(numbersOf('GENES', [25_000])[0]!, 1);
const models: Readonly<Record<string, () => ActivityCounter>> = {
  body: () => new GeneActivityCounter(genes),
  weighted: () => new WeightedActivityCounter(genes),
};

/** Milliseconds of processor time that this thread has had. */
const processorTime = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

console.log(`${machine()}\n${fragments} fragments, ${cells} cells, ${genes.length} genes; one thread.`);
const rows = [];
for (const model of wordsOf('MODELS', Object.keys(models))) {
  const counter = models[model]!();
  const barcodes = new EveryBarcode();
  let [making, counting, seen] = [0, 0, 0];
  let last = processorTime();
  for (const block of simulatedFragments({ fragments, cells, seed: 1 })) {
    const made = processorTime();
    counter.add(block, barcodes);
    seen += block.length;
    making += made - last;
    last = processorTime();
    counting += last - made;
  }
  const begun = processorTime();
  const { matrix, share } = await counter.result(barcodes.rows);
  const finishing = processorTime() - begun;
  rows.push([
    model,
    making / 1000,
    counting / 1000,
    finishing / 1000,
    seen / 1000 / (counting + finishing),
    storedIn(matrix) / 1e6,
    share.used / share.total,
    process.resourceUsage().maxRSS / 1024,
  ]);
}
console.log(
  aligned(
    ['model', 'making s', 'counting s', 'finishing s', 'million fragments/s', 'million values', 'used', 'peak MiB'],
    rows,
  ),
);
