import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { type Column, textAt } from '#core/data/column';
import type { CellTable } from '#core/data/study';
import { readLabelsFile } from '../labels/read-labels-file.ts';
import { takeCells } from '../take-rows.ts';
import { firstLines, readLines } from '../text/read-lines.ts';

/**
 * The barcodes of a list: one in each line (barcodes.tsv, gzip or not), or the first column of a table with a header, whose
 * other columns come along. A column of Cell Ranger that tells cells from background (`is__cell_barcode`,
 * `is_GRCh38_cell_barcode`, `is_cell`) leaves the background out.
 *
 * Throws `reading.no-barcodes` for a list without one, `reading.labels-duplicate-cell`, and what `readLabelsFile` throws.
 */
export async function readBarcodes(path: string): Promise<CellTable> {
  const lines = (await firstLines(path, 20)).filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new AppError('reading.no-barcodes', { file: basename(path) });
  if (lines.some((line) => /[\t,;]/.test(line.trim()))) return cellsAlone(await readLabelsFile(path), path);
  return { ids: await listed(path), columns: new Map() };
}

async function listed(path: string): Promise<string[]> {
  const lineOf = new Map<string, number>();
  for (const [i, text] of (await readLines(path)).entries()) {
    const barcode = text.trim().replace(/^"(.*)"$/, '$1');
    if (barcode === '' || barcode.startsWith('#')) continue;
    if (lineOf.size === 0 && /^(barcodes?|cells?|cell[_ ]?(ids?|names?|barcodes?)|x)$/i.test(barcode)) continue; // a title
    const earlier = lineOf.get(barcode);
    if (earlier !== undefined) {
      throw new AppError('reading.labels-duplicate-cell', {
        file: basename(path),
        cell: barcode,
        lines: [earlier, i + 1],
      });
    }
    lineOf.set(barcode, i + 1);
  }
  if (lineOf.size === 0) throw new AppError('reading.no-barcodes', { file: basename(path) });
  return [...lineOf.keys()];
}

/** Without the lines that the table itself calls background. */
function cellsAlone(table: CellTable, path: string): CellTable {
  const flag = [...table.columns].find(([name]) => /^is_(\w*_)?cell(_barcode)?$/i.test(name));
  if (flag === undefined) return table;
  const kept = Int32Array.from(table.ids.keys()).filter((i) => isTrue(flag[1], i));
  if (kept.length === 0) throw new AppError('reading.no-barcodes', { file: basename(path) });
  return takeCells(table, kept);
}

function isTrue(column: Column, i: number): boolean {
  return /^(1|true|yes)$/i.test(textAt(column, i) ?? '');
}
