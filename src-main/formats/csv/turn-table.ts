import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { throwIfCancelled } from '#core/base/cancel';
import { RowSpill, spillMemoryBytes } from '../spill/row-spill.ts';
import type { Position } from '../text/byte-blocks.ts';
import type { ReadOptions, RowSample } from '../text/row-source.ts';
import { tableLines } from '../text/table-lines.ts';
import type { CsvLayout } from './csv-layout.ts';
import type { RowParser } from './row-parser.ts';
import type { TableExtent } from './table-extent.ts';

/**
 * A table of features × cells as rows of cells, [columns of numbers, `rows`], to be closed after use. The file is read
 * once, row by row; what does not fit into `memoryBytes` goes to a temporary file.
 *
 * Throws what `RowParser` and `tableLines` throw, `writing.failed` and `Cancelled`.
 *
 * @param rows rows of the table, from its beginning
 */
export async function turnTable(
  path: string,
  layout: CsvLayout,
  parser: RowParser,
  rows: number,
  { signal, progress }: ReadOptions = {},
  memoryBytes = spillMemoryBytes,
): Promise<RowSpill> {
  const { size } = await stat(path);
  const cells = layout.numberColumns.length;
  // A tenth of the values of usual counts are not 0; a wrong guess costs time and no memory.
  const spill = new RowSpill({ rows: cells, columns: rows, expected: (cells * rows) / 10, memoryBytes });
  const position: Position = { bytesRead: 0 };
  let row = -1; // the header
  try {
    for await (const { bytes, begins, ends, lines } of tableLines(path, position)) {
      throwIfCancelled(signal);
      for (let i = 0; i < begins.length && row < rows; i++, row++) {
        if (row === -1) continue;
        const stored = parser.parse(bytes, begins[i]!, ends[i]!, lines[i]!);
        for (let p = 0; p < stored; p++) spill.add(parser.columns[p]!, row, parser.values[p]!);
      }
      progress?.(Math.min(1, position.bytesRead / size));
      if (row === rows) break;
    }
    if (row < rows) throw new Error(`${basename(path)} changed while it was read`);
    return spill.finish();
  } catch (error) {
    spill.close();
    throw error;
  }
}

/**
 * At most `count` cells, evenly spread, of a table of features × cells, with the features that the beginning of the
 * file holds: those that can be read in about `budgetMs`, one at least.
 *
 * @param extent rows of the table, as known
 */
export async function sampleTable(
  path: string,
  layout: CsvLayout,
  parser: RowParser,
  extent: TableExtent,
  { count, budgetMs }: { readonly count: number; readonly budgetMs: number },
): Promise<RowSample> {
  const started = performance.now();
  const step = Math.max(1, Math.ceil(layout.numberColumns.length / count));
  const rows = Math.ceil(layout.numberColumns.length / step);
  const spill = new RowSpill({ rows, columns: extent.estimated, expected: rows * extent.estimated });
  let seen = -1; // the header
  reading: for await (const { bytes, begins, ends, lines } of tableLines(path)) {
    for (let i = 0; i < begins.length; i++) {
      if (seen === extent.estimated || (seen > 0 && performance.now() - started > budgetMs)) break reading;
      if (seen++ === -1) continue;
      const stored = parser.parse(bytes, begins[i]!, ends[i]!, lines[i]!);
      for (let p = 0; p < stored; p++) {
        if (parser.columns[p]! % step === 0) spill.add(parser.columns[p]! / step, seen - 1, parser.values[p]!);
      }
    }
  }
  const matrix = spill.finish().read(0, rows);
  const wholeRows = extent.complete && seen === extent.read;
  return wholeRows ? { matrix, wholeRows } : { matrix, wholeRows, seen: seen / extent.estimated };
}
