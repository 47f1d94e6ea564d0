/**
 * Peak memory of the compute process by number of cells, over a whole run without figures. A million is measured
 * when asked for; it takes half an hour or longer, and 5 GB of disk.
 *
 *     npm run bench -- memory
 *     CELLS="1000 10000 100000 1000000" STEPS=500 GENES=20000 DENSITY=0.05 SCRATCH=/big/disk npm run bench -- memory
 */
import { scratch } from './support/synthetic-study.ts';
import { aligned, machine, numbersOf } from './support/table.ts';
import { wholeRun } from './support/whole-run.ts';

const sizes = numbersOf('CELLS', [1000, 10_000, 100_000]);
const genes = numbersOf('GENES', [20_000])[0]!;
const density = numbersOf('DENSITY', [0.05])[0]!;
const steps = numbersOf('STEPS', [50])[0]!;

console.log(`${machine()}\nRNA to RNA, ${genes} genes, ${100 * density} % non-zero, ${steps} steps, WebAssembly.`);
const rows = [];
for (const cells of sizes) {
  const { cells: both, timings, peak_rss_bytes } = await wholeRun({ cells, genes, density, steps, figures: false });
  const values = (both.query + both.reference) * genes * density;
  const seconds = Object.values(timings).reduce((sum, value) => sum + value, 0);
  rows.push([both.query, both.reference, values / 1e6, (values * 8) / 1e6, peak_rss_bytes / 1e6, seconds]);
}
console.log(aligned(['cells', 'reference', 'million values', 'MB as sparse rows', 'peak MB', 'seconds'], rows));
console.log(`The studies lie in ${scratch}.`);
if (Math.max(...sizes) < 1e6) console.log('A million cells: CELLS=1000000 npm run bench -- memory');
