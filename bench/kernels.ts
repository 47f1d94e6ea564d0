/**
 * Sparse product and its gradient: 10⁹ operations a second on the stored values, by density, width, engine and threads.
 *
 *     npm run bench -- kernels
 *     ROWS=1536 GENES=20000 DENSITY="0.01 0.1" WIDTH="32 64" ENGINES="wasm webgpu" THREADS="1 2" npm run bench -- kernels
 */
import type { KernelSpeeds } from './measure/kernels.ts';
import { enginesAndThreads } from './support/engines.ts';
import { inOwnProcess } from './support/own-process.ts';
import { aligned, machine, numbersOf, type TableCell } from './support/table.ts';

const [rows, genes] = [numbersOf('ROWS', [1536])[0]!, numbersOf('GENES', [17_441])[0]!];
const densities = numbersOf('DENSITY', [0.01, 0.05, 0.1, 0.2]);
const widths = numbersOf('WIDTH', [64, 128]);
const repeats = numbersOf('REPEATS', [10])[0]!;

console.log(
  `${machine()}\n${rows} cells × ${genes} genes, best of ${repeats}; only stored values count as operations.`,
);
const table: TableCell[][] = [];
for (const running of enginesAndThreads()) {
  const made = inOwnProcess<KernelSpeeds>('kernels', { ...running, rows, genes, densities, widths, repeats });
  if ('refused' in made) {
    table.push([`${running.engine}: ${made.refused}`, null, null, null, null, null, null]);
    continue;
  }
  for (const { density, width, forwardMs, forwardGflops, gradientMs, gradientGflops } of made.speeds) {
    table.push([made.engine, density, width, forwardMs, forwardGflops, gradientMs, gradientGflops]);
  }
}
const columns = ['engine', 'density', 'width', 'product ms', 'GFLOP/s', 'gradient ms', 'GFLOP/s'];
console.log(aligned(columns, table));
