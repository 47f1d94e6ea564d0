import { stat } from 'node:fs/promises';
import { throwIfCancelled } from '#core/base/cancel';
import type { Column } from '#core/data/column';
import { isGzip, type Position } from '../text/byte-blocks.ts';
import type { LinePlace } from '../text/line-blocks.ts';
import type { ReadOptions } from '../text/row-source.ts';
import { tableLines } from '../text/table-lines.ts';
import { parsedColumn } from '../text/text-column.ts';
import type { CsvLayout } from './csv-layout.ts';
import type { RowParser } from './row-parser.ts';
import { extentOf, type TableExtent } from './table-extent.ts';

/** The rows of a table without their numbers. */
export interface RowNames {
  readonly names: readonly string[];
  /** Columns of text, one value per row. */
  readonly columns: ReadonlyMap<string, Column>;
  readonly extent: TableExtent;
  /** Where rows 0, `placedRows`, 2 `placedRows`, … begin; empty for a packed file, which is read from its beginning only. */
  readonly places: readonly LinePlace[];
}

/** What reading a table that is looked at only takes along. */
export interface LookOptions extends ReadOptions {
  /** Stop after this time with the rows read so far, 20 at least. */
  readonly budgetMs?: number | undefined;
}

/** Rows from one noted place to the next. */
export const placedRows = 1024;
/** Rows that are read however short the time is. */
export const leastRows = 20;

/**
 * Goes over a table once, from the beginning of each line to its last column of text, and leaves the numbers alone.
 * Throws `reading.csv-no-name`, and `reading.csv-ragged` and `reading.csv-quotes` where the columns of text are concerned.
 */
export async function readRowNames(
  path: string,
  layout: CsvLayout,
  parser: RowParser,
  { budgetMs = Infinity, signal, progress }: LookOptions,
): Promise<RowNames> {
  const { size } = await stat(path);
  const packed = await isGzip(path);
  const started = performance.now();
  const position: Position = { bytesRead: 0 };
  const heads = new RowHeads(layout, parser);
  const places: LinePlace[] = [];
  let header = true;
  let complete = true;
  for await (const { bytes, at, begins, ends, lines } of tableLines(path, position)) {
    throwIfCancelled(signal);
    for (let i = header ? 1 : 0; i < begins.length; i++) {
      const row = heads.names.length;
      if (!packed && row % placedRows === 0) places.push({ line: lines[i]!, byte: at + begins[i]! });
      heads.take(bytes, begins[i]!, ends[i]!, lines[i]!);
    }
    header &&= begins.length === 0;
    progress?.(Math.min(1, position.bytesRead / size));
    if (performance.now() - started > budgetMs && heads.names.length >= leastRows && position.bytesRead < size) {
      complete = false;
      break;
    }
  }
  return { ...heads.finish(), places, extent: extentOf(heads.names.length, complete, position.bytesRead / size) };
}

/** Collects the names and the columns of text of a table, row by row. */
export class RowHeads {
  readonly names: string[] = [];
  readonly #layout: CsvLayout;
  readonly #parser: RowParser;
  readonly #texts: string[][];
  readonly #known = new Map<string, string>();
  readonly #lastText: number;
  readonly #delimiter: number;

  constructor(layout: CsvLayout, parser: RowParser) {
    this.#layout = layout;
    this.#parser = parser;
    this.#texts = layout.textColumns.map(() => []);
    this.#lastText = layout.textColumns.at(-1) ?? 0;
    this.#delimiter = layout.delimiter.charCodeAt(0);
  }

  /** Takes the row at bytes begin … end−1. */
  take(bytes: Buffer, begin: number, end: number, line: number): void {
    const fields = this.#head(bytes, begin, end) ?? this.#parser.fields(bytes, begin, end, line);
    this.names.push(fields[0]!);
    this.#layout.textColumns.forEach((column, k) => this.#texts[k]!.push(this.#shared(fields[column]!)));
  }

  finish(): Pick<RowNames, 'names' | 'columns'> {
    const columns = new Map<string, Column>();
    this.#layout.textColumns.forEach((column, k) => {
      columns.set(this.#layout.header[column]!, parsedColumn(this.#texts[k]!));
    });
    return { names: this.names, columns };
  }

  /** The fields up to the last column of text; null where there are quotes, too few fields or no name. */
  #head(bytes: Buffer, begin: number, end: number): string[] | null {
    let delimiters = 0;
    let stop = begin;
    for (; stop < end; stop++) {
      const byte = bytes[stop];
      if (byte === 34) return null;
      if (byte === this.#delimiter && ++delimiters > this.#lastText) break;
    }
    if (delimiters < this.#lastText || bytes[begin] === this.#delimiter) return null;
    return bytes.toString('utf8', begin, stop).split(this.#layout.delimiter);
  }

  /** One copy of a text that many rows have. */
  #shared(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size < 10_000) this.#known.set(text, text);
    return text;
  }
}
