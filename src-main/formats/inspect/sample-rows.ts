import type { CsrMatrix } from '#core/data/csr-matrix';
import { stackRows } from '../read-rows.ts';
import type { MatrixSlot, StudyFile } from '../study-file.ts';
import { isPrepared, type RowSample } from '../text/row-source.ts';

/**
 * Some rows of a matrix: ten blocks spread evenly over it where rows can be read one by one, else what the file can show
 * quickly: the beginning of a text, some features of a matrix that is stored by features.
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
  const own = isPrepared(file) ? await file.sampleRows(slot, count, budgetMs) : null;
  if (own !== null) return own;
  const blocks = slot.cells <= count ? 1 : 10;
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
