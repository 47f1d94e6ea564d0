import { writtenRows } from '../data/collect-rows.ts';
import { isInMemory, type SparseRows } from '../data/sparse-rows.ts';
import type { SideOptions } from './prepared-side.ts';
import { Watch } from './watch.ts';

/**
 * The prepared rows of reference and query, which training reads again and again, written down where they neither lie in memory nor in a
 * file as they are; so a step reads them as they lie (see `RowRecords`). The last thing to be done: all else needs the disk more.
 */
export async function writtenInputs(
  [reference, query]: readonly [SparseRows, SparseRows],
  { store, signal, progress }: SideOptions,
): Promise<[SparseRows, SparseRows]> {
  const watch = new Watch(reference.rows + query.rows, (done) => progress?.(done));
  const written = async (rows: SparseRows): Promise<SparseRows> => {
    if (isInMemory(rows) || rows.records !== undefined) return rows;
    const kept = await writtenRows(watch.rows(rows), store, signal);
    return isInMemory(kept) || kept.records !== undefined ? kept : rows;
  };
  const both: [SparseRows, SparseRows] = [await written(reference), await written(query)];
  watch.end();
  return both;
}
