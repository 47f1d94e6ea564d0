import type { CsrMatrix } from '#core/data/csr-matrix';
import { stackRows } from '../read-rows.ts';
import type { MatrixSlot, StudyFile } from '../study-file.ts';
import { isStreamed, type RowSample } from '../text/row-source.ts';

/**
 * Some rows of a matrix: ten blocks spread evenly over it where rows can be read one by one, else the beginning.
 * Reading stops after about `budgetMs` with the blocks read so far (at least one).
 *
 * @param count cells wanted, at most
 */
export async function sampleRows(
  file: StudyFile,
  slot: MatrixSlot,
  count: number,
  budgetMs: number,
): Promise<RowSample> {
  if (isStreamed(file)) return file.sampleRows(slot, count);
  // What is stored by columns is turned over as a whole on the first read; blocks would gain nothing.
  const blocks = slot.cells <= count || slot.storage === 'csc' ? 1 : 10;
  const size = Math.min(slot.cells, Math.ceil(count / blocks));
  const started = performance.now();
  const parts: CsrMatrix[] = [];
  for (let block = 0; block < blocks; block++) {
    const from = blocks === 1 ? 0 : Math.floor((block * (slot.cells - size)) / (blocks - 1));
    parts.push(await file.readRows(slot, from, from + size));
    if (performance.now() - started > budgetMs) break;
  }
  return { matrix: stackRows(parts, slot.features), wholeRows: true };
}
