import { stat } from 'node:fs/promises';
import { throwIfCancelled } from '#core/base/cancel';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { isGzip, type Position } from '../text/byte-blocks.ts';
import { tableLines } from '../text/table-lines.ts';
import { CsrBuilder } from './csr-builder.ts';
import type { CsvLayout } from './csv-layout.ts';
import { leastRows, type LookOptions, RowHeads, type RowNames } from './row-names.ts';
import type { RowParser } from './row-parser.ts';
import { extentOf } from './table-extent.ts';

/** A table as it stands in its file: [rows, columns of numbers]. */
export interface WholeTable extends Omit<RowNames, 'places'> {
  readonly matrix: CsrMatrix;
}

/** Size on disk up to which a table is read in one pass and kept: less than a second of reading. */
const smallBytes = 32 * 1024 * 1024;
/** The same for a packed one, which is about six times as large as it looks. */
const smallPackedBytes = 6 * 1024 * 1024;
/** Values that such a table may hold, 128 MB in memory; packed zeros and ones may be many more than their file promises. */
const mostValues = 16 * 1024 * 1024;

/**
 * Reads a small table in one pass, names and numbers. Gives back null where the file is not small, or holds more than
 * its size promised. Throws what `RowParser` and `tableLines` throw.
 */
export async function readWhole(
  path: string,
  layout: CsvLayout,
  parser: RowParser,
  { budgetMs = Infinity, signal, progress }: LookOptions,
): Promise<WholeTable | null> {
  const { size } = await stat(path);
  if (size > ((await isGzip(path)) ? smallPackedBytes : smallBytes)) return null;
  const started = performance.now();
  const position: Position = { bytesRead: 0 };
  const heads = new RowHeads(layout, parser);
  const builder = new CsrBuilder(layout.numberColumns.length);
  let header = true;
  let complete = true;
  reading: for await (const { bytes, begins, ends, lines } of tableLines(path, position)) {
    throwIfCancelled(signal);
    for (let i = header ? 1 : 0; i < begins.length; i++) {
      const stored = parser.parse(bytes, begins[i]!, ends[i]!, lines[i]!);
      heads.take(bytes, begins[i]!, ends[i]!, lines[i]!);
      builder.addRow(parser.columns, parser.values, stored);
      if (performance.now() - started > budgetMs && heads.names.length >= leastRows) {
        complete = false;
        break reading;
      }
    }
    header &&= begins.length === 0;
    if (builder.stored > mostValues) return null;
    progress?.(Math.min(1, position.bytesRead / size));
  }
  return {
    ...heads.finish(),
    matrix: builder.finish(),
    extent: extentOf(heads.names.length, complete, position.bytesRead / size),
  };
}
