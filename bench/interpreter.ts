/**
 * The interpreter: cells a second from prepared rows to the 100 largest attributions of each cell, and to determinant features.
 *
 *     npm run bench -- interpreter
 *     GENES="1677 13177" DENSITY=0.09 CELLS=4000 npm run bench -- interpreter
 */
import type { InterpreterSpeed } from './measure/interpreter.ts';
import { inOwnProcess } from './support/own-process.ts';
import { aligned, machine, numbersOf, type TableCell } from './support/table.ts';

const genes = numbersOf('GENES', [1677, 13_177]);
const densities = numbersOf('DENSITY', [0.0626, 0.09]);
const cells = numbersOf('CELLS', [4000])[0]!;

console.log(`${machine()}\nAttributions of ${cells} cells of 15 labels, best of eight rounds.`);
const rows = genes.map((g, i): TableCell[] => {
  const density = densities[i] ?? densities.at(-1)!;
  const speed = inOwnProcess<InterpreterSpeed>('interpreter', { genes: g, density, cells });
  if ('refused' in speed) return [speed.refused, g, density, null, null, null, null, null];
  const { attributedPerSecond: attributed, cellsPerSecond: whole } = speed;
  return [speed.engine, g, density, Math.round(g * density), attributed, 1000 / attributed, whole, 1000 / whole];
});
const titles = ['engine', 'genes', 'density', 'values a cell', 'attributed cells/s', 'ms', 'whole stage cells/s', 'ms'];
console.log(aligned(titles, rows));
