import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { type Column, columnTexts, textAt } from '#core/data/column';
import type { CellTable } from '#core/data/study';
import { checkRegular } from '../detect/folder.ts';
import { readLabelsFile } from '../labels/read-labels-file.ts';
import { takeCells } from '../take-rows.ts';
import { firstLines, lineBatches } from '../text/read-lines.ts';
import { delimiterOf, tableRows } from '../text/table-rows.ts';

/** Lines by which a list is told from a table. */
const lookedAt = 20;
/** Names that a column of barcodes goes by. */
const title = /^(barcodes?|cells?|cell[_ ]?(ids?|names?|barcodes?)|x)$/i;

/**
 * The barcodes of a list: one in each line (barcodes.tsv, gzip or not), or the first column of a table with a header, whose
 * other columns come along. In a table of numbered rows (as R and pandas write a vector) they stand in the column named
 * `barcode`, `cell` or `x`. A table without titles gives its first column alone. Columns of Cell Ranger that tell cells from
 * background (`is__cell_barcode`, `is_GRCh38_cell_barcode`, `is_cell`) leave out what is in none of them a cell.
 *
 * Throws `reading.no-barcodes` for a list without one, `chromatin.list-is-fragments`, `reading.labels-duplicate-cell`, and what `readLabelsFile` throws.
 */
export async function readBarcodes(path: string): Promise<CellTable> {
  await checkRegular(path);
  const lines = (await firstLines(path, lookedAt)).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (!lines.some((line) => /[\t,;]/.test(line.trim()))) return alone(await listed(path));
  if (lines.length > 0 && lines.every(isFragment))
    throw new AppError('chromatin.list-is-fragments', { file: basename(path) });
  if (isBarcode(lines[0]!.split(/[\t,;]/, 1)[0]!)) return alone(await firstColumn(path, lines));
  return cellsAlone(unnumbered(await readLabelsFile(path)), path);
}

/** Collects barcodes, each with its line, and refuses one that comes twice. */
class BarcodeList {
  readonly #file: string;
  readonly #lineOf = new Map<string, number>();

  constructor(path: string) {
    this.#file = basename(path);
  }

  get size(): number {
    return this.#lineOf.size;
  }

  add(barcode: string, line: number): void {
    const earlier = this.#lineOf.get(barcode);
    if (earlier !== undefined) {
      throw new AppError('reading.labels-duplicate-cell', { file: this.#file, cell: barcode, lines: [earlier, line] });
    }
    this.#lineOf.set(barcode, line);
  }

  all(): string[] {
    if (this.size === 0) throw new AppError('reading.no-barcodes', { file: this.#file });
    return [...this.#lineOf.keys()];
  }
}

async function listed(path: string): Promise<string[]> {
  const list = new BarcodeList(path);
  for await (const { first, lines } of lineBatches(path)) {
    for (const [i, text] of lines.entries()) {
      const barcode = text.trim().replace(/^"(.*)"$/, '$1');
      if (barcode === '' || barcode.startsWith('#') || (list.size === 0 && title.test(barcode))) continue;
      list.add(barcode, first + i);
    }
  }
  return list.all();
}

async function firstColumn(path: string, lines: readonly string[]): Promise<string[]> {
  const list = new BarcodeList(path);
  for await (const rows of tableRows(path, delimiterOf(lines))) {
    for (const { line, fields } of rows) list.add(fields[0]!.trim(), line);
  }
  return list.all();
}

/** The barcodes as names where the rows are numbered and a column names the cells. */
function unnumbered({ ids, columns }: CellTable): CellTable {
  if (!ids.every((id) => /^\d+$/.test(id))) return { ids, columns };
  for (const [name, column] of columns) {
    const texts = columnTexts(column).filter((text) => text !== null);
    if (!title.test(name) || new Set(texts).size !== ids.length) continue;
    return { ids: texts, columns: new Map([...columns].filter(([other]) => other !== name)) };
  }
  return { ids, columns };
}

/** Without the lines that the table itself calls background. */
function cellsAlone(table: CellTable, path: string): CellTable {
  const flags = [...table.columns].filter(([name]) => /^is_(\w*_)?cell(_barcode)?$/i.test(name));
  if (flags.length === 0) return table;
  const kept = Int32Array.from(table.ids.keys()).filter((i) => flags.some(([, column]) => isTrue(column, i)));
  if (kept.length === 0) throw new AppError('reading.no-barcodes', { file: basename(path) });
  return takeCells(table, kept);
}

function alone(ids: readonly string[]): CellTable {
  return { ids, columns: new Map() };
}

function isBarcode(field: string): boolean {
  return /[ACGTN]{8}/.test(field);
}

/** contig, start, end, barcode, and perhaps a count. */
function isFragment(line: string): boolean {
  return /^[^\t]+\t\d+\t\d+\t[^\t]+(\t\d+)?\s*$/.test(line);
}

function isTrue(column: Column, i: number): boolean {
  return /^(1|true|yes)$/i.test(textAt(column, i) ?? '');
}
