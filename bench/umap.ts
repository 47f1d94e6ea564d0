/**
 * The map of the cells (UMAP): seconds and memory by number of cells; large studies are drawn by a sketch.
 *
 *     npm run bench -- umap
 *     CELLS="10000 100000 1000000" npm run bench -- umap
 */
import type { UmapTime } from './measure/umap.ts';
import { inOwnProcess } from './support/own-process.ts';
import { aligned, machine, numbersOf, type TableCell } from './support/table.ts';

console.log(`${machine()}\nUMAP of 64 numbers a cell in twenty groups.`);
const rows = numbersOf('CELLS', [2000, 10_000]).map((cells): TableCell[] => {
  const time = inOwnProcess<UmapTime>('umap', { cells });
  if ('refused' in time) return [cells, null, null, null];
  return [cells, time.drawn, time.seconds, time.peakBytes / 1e6];
});
console.log(aligned(['cells', 'drawn', 'seconds', 'peak MB'], rows));
