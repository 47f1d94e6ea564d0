/**
 * A run from files to results, seconds per stage by number of cells: read, prepare, train, predict, interpret, embed, figures.
 * Synthetic studies are written once and kept in SCRATCH.
 *
 *     npm run bench -- stages
 *     CELLS="1000 10000 100000" GENES=20000 DENSITY=0.05 STEPS=200 SCRATCH=/big/disk npm run bench -- stages
 */
import { scratch } from './support/synthetic-study.ts';
import { aligned, machine, numbersOf } from './support/table.ts';
import { wholeRun } from './support/whole-run.ts';

const sizes = numbersOf('CELLS', [1000, 10_000]);
const genes = numbersOf('GENES', [20_000])[0]!;
const density = numbersOf('DENSITY', [0.05])[0]!;
const steps = numbersOf('STEPS', [200])[0]!;
const stages = ['read', 'prepare', 'train', 'predict', 'interpret', 'layout', 'figures'];

console.log(
  `${machine()}\nRNA to RNA, ${genes} genes, ${100 * density} % non-zero, ${steps} steps, WebAssembly; seconds.`,
);
const rows = [];
for (const cells of sizes) {
  const {
    cells: both,
    timings,
    metrics,
    peak_rss_bytes,
  } = await wholeRun({ cells, genes, density, steps, figures: true });
  const seconds = stages.map((stage) => timings[stage] ?? null);
  const all = Object.values(timings).reduce((sum, value) => sum + value, 0);
  rows.push([both.query, both.reference, ...seconds, all, metrics?.accuracy ?? null, peak_rss_bytes / 1e6]);
}
const named = stages.map((stage) => (stage === 'layout' ? 'embed' : stage));
console.log(aligned(['cells', 'reference', ...named, 'all', 'accuracy', 'peak MB'], rows));
console.log(`The studies lie in ${scratch}.`);
