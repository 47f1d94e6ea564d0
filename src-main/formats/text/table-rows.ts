import { basename } from 'node:path';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { AppError } from '#core/base/app-error';
import { lineBatches } from './read-lines.ts';
import type { Position } from './byte-blocks.ts';

export type Delimiter = ',' | '\t' | ';' | '|' | ' ';

/** One line of a table; `line` counts from 1. */
export interface TableRow {
  readonly line: number;
  readonly fields: string[];
}

/**
 * The rows of a CSV or TSV (gzip or not), a batch at a time, header included. Empty lines and, before the first row,
 * lines that start with # are passed over. Quotes follow RFC 4180, but a field may not hold a line break.
 *
 * Throws `reading.csv-quotes` and what `lineBatches` throws.
 */
export async function* tableRows(path: string, delimiter: Delimiter, position?: Position): AsyncGenerator<TableRow[]> {
  let begun = false;
  for await (const { first, lines } of lineBatches(path, position)) {
    const rows: TableRow[] = [];
    for (let i = 0; i < lines.length; i++) {
      const text = lines[i]!;
      if (text.trim() === '' || (!begun && text.startsWith('#'))) continue;
      begun = true;
      rows.push({ line: first + i, fields: tableFields(text, delimiter, path, first + i) });
    }
    yield rows;
  }
}

/** The separator that the first lines agree on: the one that gives the same number of fields, most of them. */
export function delimiterOf(lines: readonly string[]): Delimiter {
  const rows = lines.filter((line) => line.trim() !== '' && !line.startsWith('#')).slice(0, 20);
  let best: Delimiter = ',';
  let bestScore = 0;
  for (const delimiter of ['\t', ',', ';', '|', ' '] as const) {
    const widths = rows.map((line) => line.replaceAll(/"[^"]*"/g, '').split(delimiter).length);
    const body = widths.slice(1);
    // A header may lack the corner, so it is compared with tolerance; the other rows must agree.
    const agree = body.length === 0 || body.filter((width) => width === body[0]).length / body.length > 0.9;
    const width = body[0] ?? widths[0] ?? 1;
    const score = width > 1 ? width * (agree ? 1000 : 1) : 0;
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

/** The fields of one line of a table. Throws `reading.csv-quotes`. */
export function tableFields(text: string, delimiter: Delimiter, path: string, line: number): string[] {
  if (!text.includes('"')) return text.split(delimiter);
  try {
    return (parse(text, { delimiter, relax_column_count: true }) as string[][])[0]!;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const found =
      error.code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'a quote is not closed on this line'
        : 'text follows a closing quote or a quote stands inside a field';
    throw new AppError('reading.csv-quotes', { file: basename(path), line, found }, { cause: error });
  }
}
