import { type CsrMatrix, sortRow } from '#core/data/csr-matrix';
import type { RowSample } from '../text/row-source.ts';
import type { FeatureSlot } from './feature-slots.ts';
import { visitEntries } from './matrix-market.ts';

const mostEntries = 2_000_000;
const mostMs = 300;

/**
 * The first cells of a Matrix Market file, from its beginning only. Files are usually sorted by cell, which shows in
 * features that begin again while cells rise; then every sampled cell is whole and empty cells are among them. In a
 * file sorted otherwise the sample holds what was seen of the cells that came first.
 *
 * @param count cells wanted, at most
 */
export async function sampleEntries(
  path: string,
  { slot, table, columnOf }: FeatureSlot,
  cellsAreRows: boolean,
  count: number,
): Promise<RowSample> {
  const started = performance.now();
  const seen: Entries = { cells: [], columns: [], values: [] };
  let rising = true;
  let begunAgain = false;
  let entries = 0;
  let last = 0;
  let lastFeature = 0;
  let ended = true;
  const stop = (): false => (ended = false);
  const visit = (row: number, column: number, value: number): boolean => {
    const cell = cellsAreRows ? row : column;
    const feature = cellsAreRows ? column : row;
    rising &&= cell >= last;
    begunAgain ||= feature < lastFeature;
    last = cell;
    lastFeature = feature;
    if (rising && begunAgain && cell >= count) return stop();
    const target = columnOf[feature]!;
    if (target >= 0) {
      seen.cells.push(cell);
      seen.columns.push(target);
      seen.values.push(value);
    }
    return ++entries < mostEntries || stop();
  };
  await visitEntries(path, visit, () => performance.now() - started < mostMs || stop());

  if ((rising && begunAgain) || ended) {
    const whole = ended ? slot.cells : last; // the cell at which the reading stopped may go on
    const size = Math.min(count, whole);
    return { matrix: gather(seen, (cell) => cell, size, table.ids.length), wholeRows: true };
  }
  const rowOf = new Map<number, number>();
  for (const cell of seen.cells) if (!rowOf.has(cell) && rowOf.size < count) rowOf.set(cell, rowOf.size);
  const matrix = gather(seen, (cell) => rowOf.get(cell) ?? count, rowOf.size, table.ids.length);
  return { matrix, wholeRows: false };
}

interface Entries {
  readonly cells: number[];
  readonly columns: number[];
  readonly values: number[];
}

/** [size, width]; entries whose row is not below `size` are left out. */
function gather(seen: Entries, rowOf: (cell: number) => number, size: number, width: number): CsrMatrix {
  const indptr = new Float64Array(size + 1);
  for (const cell of seen.cells) if (rowOf(cell) < size) indptr[rowOf(cell) + 1]!++;
  for (let row = 0; row < size; row++) indptr[row + 1]! += indptr[row]!;
  const next = indptr.slice();
  const indices = new Uint32Array(indptr[size]!);
  const values = new Float32Array(indices.length);
  seen.cells.forEach((cell, i) => {
    const row = rowOf(cell);
    if (row >= size) return;
    const at = next[row]!++;
    indices[at] = seen.columns[i]!;
    values[at] = seen.values[i]!;
  });
  for (let row = 0; row < size; row++) sortRow(indices, values, indptr[row]!, indptr[row + 1]!);
  return { rows: size, columns: width, indptr, indices, values };
}
