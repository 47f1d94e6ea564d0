import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { Column } from '#core/data/column';
import type { CellTable } from '#core/data/study';
import { firstLines } from '../text/read-lines.ts';
import { delimiterOf, tableRows } from '../text/table-rows.ts';
import { parsedColumn } from '../text/text-column.ts';

/**
 * Reads a CSV or TSV (gzip or not) of cell names and further columns: the first column names the cells, a header
 * names the columns (it may lack the first name, as R writes it). Columns whose values are all numbers are numbers.
 *
 * Throws `reading.labels-no-columns`, `reading.labels-duplicate-cell`, `reading.csv-no-rows`, `reading.csv-ragged`,
 * `reading.csv-no-name`, `reading.csv-quotes`.
 */
export async function readLabelsFile(path: string): Promise<CellTable> {
  const file = basename(path);
  const delimiter = delimiterOf(await firstLines(path, 50));
  let header: readonly string[] | null = null;
  let width = 0;
  const ids: string[] = [];
  const lineOf = new Map<string, number>();
  const texts: string[][] = [];
  for await (const rows of tableRows(path, delimiter)) {
    for (const { line, fields } of rows) {
      if (header === null) {
        header = fields;
        continue;
      }
      if (width === 0) {
        width = fields.length;
        if (header.length === width - 1) header = ['', ...header];
        if (width < 2) throw new AppError('reading.labels-no-columns', { file });
      }
      if (fields.length !== header.length) {
        throw new AppError('reading.csv-ragged', { file, line, found: fields.length, expected: header.length });
      }
      const cell = fields[0]!.trim();
      if (cell === '') throw new AppError('reading.csv-no-name', { file, line, what: 'cell' });
      const earlier = lineOf.get(cell);
      if (earlier !== undefined) {
        throw new AppError('reading.labels-duplicate-cell', { file, cell, lines: [earlier, line] });
      }
      lineOf.set(cell, line);
      ids.push(cell);
      texts.push(fields);
    }
  }
  if (header === null || ids.length === 0) throw new AppError('reading.csv-no-rows', { file });
  const columns = new Map<string, Column>();
  for (let j = 1; j < header.length; j++) {
    const name = header[j]!.trim() === '' ? `column ${j + 1}` : header[j]!.trim();
    columns.set(name, parsedColumn(texts.map((fields) => fields[j]!.trim())));
  }
  return { ids, columns };
}
