/**
 * One training step of CellPredX: milliseconds by genes, density, batch, engine and threads, and the memory of the training.
 *
 *     npm run bench -- step
 *     GENES="2000 20000" DENSITY="0.05 0.1" BATCH="256 512" ENGINES="wasm webgpu" THREADS="1 2" STEPS=30 npm run bench -- step
 */
import { engineNames } from '#engine/engine-report';
import type { TrainingTimes } from './measure/training.ts';
import { enginesAndThreads } from './support/engines.ts';
import { inOwnProcess } from './support/own-process.ts';
import { aligned, machine, numbersOf, type TableCell } from './support/table.ts';

const genes = numbersOf('GENES', [1677, 17_441]);
const densities = numbersOf('DENSITY', [0.05, 0.1, 0.2]);
const batches = numbersOf('BATCH', [256, 512]);
const steps = numbersOf('STEPS', [15])[0]!;

console.log(
  `${machine()}\nOne CellPredX step, every term on, 2048 cells of either study; best and middle of ${steps} steps.`,
);
const cases = enginesAndThreads(engineNames).flatMap((running) =>
  genes.flatMap((g) => densities.flatMap((d) => batches.map((b) => ({ ...running, genes: g, density: d, batch: b })))),
);
const refused = new Map<string, string>();
const rows = cases.flatMap((asked): TableCell[][] => {
  if (refused.has(asked.engine)) return [];
  const times = inOwnProcess<TrainingTimes>('training', { ...asked, steps });
  const sizes = [asked.genes, asked.density, asked.batch, Math.round(asked.genes * asked.density)];
  if ('refused' in times) {
    refused.set(asked.engine, times.refused);
    return [];
  }
  const { ms, medianMs, cpuMs, peakBytes, startBytes } = times;
  return [[times.engine, ...sizes, ms, medianMs, cpuMs, peakBytes / 1e6, startBytes / 1e6]];
});
const columns = [
  'engine',
  'genes',
  'density',
  'batch',
  'values a cell',
  'ms',
  'median',
  'CPU ms',
  'peak MB',
  'before MB',
];
console.log(aligned(columns, rows));
for (const [engine, reason] of refused) console.log(`${engine}: ${reason}`);
