import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { type CancelSignal, throwIfCancelled } from '#core/base/cancel';
import { type Column, textAt } from '#core/data/column';
import { type CsrMatrix, transpose } from '#core/data/csr-matrix';
import type { CellEmbedding, CellTable, FeatureTable } from '#core/data/study';
import { detectIdType } from '../detect/id-type.ts';
import type { StudyFile } from '../study-file.ts';
import { fileError } from '../text/byte-blocks.ts';
import { rowRange } from '../text/row-source.ts';
import { tableRows, type TableRow } from '../text/table-rows.ts';
import { parsedColumn } from '../text/text-column.ts';
import { CsrBuilder } from './csr-builder.ts';
import { csvLayout, type CsvLayout } from './csv-layout.ts';

export interface CsvOptions {
  /** The other orientation than the one the names speak for. */
  readonly transpose?: boolean;
  /** Stop after this time, with the rows read so far; for a look at a large file. */
  readonly budgetMs?: number;
  readonly signal?: CancelSignal | undefined;
  /** Told the fraction read, 0 … 1. */
  readonly progress?: ((fraction: number) => void) | undefined;
}

export interface CsvFile extends StudyFile {
  readonly layout: CsvLayout;
  readonly cellsInRows: boolean;
  /** Rows of the table: as read, and as there are (extrapolated where the reading stopped early). */
  readonly extent: { readonly read: number; readonly estimated: number; readonly complete: boolean };
}

/**
 * Opens a CSV or TSV (gzip or not) of cells × features or features × cells: names in the first row and first column.
 * Columns of text become columns of the cells (or features) in the rows. A table states neither its size nor its
 * names at its start, so opening reads it once, line by line, keeping the values that are not zero (8 bytes each;
 * twice that for a moment where features are the rows).
 *
 * Throws, with the line: `reading.csv-ragged`, `reading.csv-not-a-number`, `reading.csv-decimal-comma`,
 * `reading.csv-quotes`, `reading.csv-no-name`, `reading.text-not-finite`, and what `csvLayout` throws.
 */
export async function openCsv(path: string, options: CsvOptions = {}): Promise<CsvFile> {
  const layout = await csvLayout(path);
  const cellsInRows = layout.cellsInRows !== (options.transpose ?? false);
  const table = await readTable(path, layout, options);
  const across = layout.numberColumns.map((column) => layout.header[column]!);
  const cells: CellTable = cellsInRows
    ? { ids: table.names, columns: table.columns }
    : { ids: across, columns: new Map() };
  const features = cellsInRows ? featureTable(across, new Map()) : featureTable(table.names, table.columns);
  const matrix = cellsInRows ? table.matrix : transpose(table.matrix);
  const separator = { ',': 'comma', '\t': 'tab', ';': 'semicolon', '|': 'bar', ' ': 'blank' }[layout.delimiter];
  return {
    format: 'csv',
    dialect: `table separated by ${separator}, ${cellsInRows ? 'cells' : 'features'} in rows`,
    path,
    slots: [
      {
        id: 'matrix',
        modalityName: null,
        modality: null,
        cells: matrix.rows,
        features: matrix.columns,
        storage: 'text',
        stored: matrix.values.length,
      },
    ],
    skipped: [],
    layout,
    cellsInRows,
    extent: table.extent,
    readCells: () => Promise.resolve(cells),
    readFeatures: () => Promise.resolve(features),
    readRows: (_, from, to) => Promise.resolve(rowRange(matrix, from, to)),
    readEmbeddings: () => Promise.resolve(new Map<string, CellEmbedding>()),
    close: () => undefined,
  };
}

interface Table {
  readonly names: string[];
  readonly columns: Map<string, Column>;
  readonly matrix: CsrMatrix;
  readonly extent: CsvFile['extent'];
}

async function readTable(path: string, layout: CsvLayout, { budgetMs, signal, progress }: CsvOptions): Promise<Table> {
  const file = basename(path);
  const size = await fileSize(path);
  const started = performance.now();
  const position = { bytesRead: 0 };
  const names: string[] = [];
  const texts = layout.textColumns.map((): string[] => []);
  const builder = new CsrBuilder(layout.numberColumns.length);
  let header = true;
  let complete = true;
  reading: for await (const rows of tableRows(path, layout.delimiter, position)) {
    throwIfCancelled(signal);
    for (const row of rows) {
      if (header) {
        header = false;
        requireNames(row, layout, file);
        continue;
      }
      readRow(row, layout, file, builder);
      names.push(row.fields[0]!);
      layout.textColumns.forEach((column, k) => texts[k]!.push(row.fields[column]!));
      if (budgetMs !== undefined && performance.now() - started > budgetMs && names.length >= 20) {
        complete = false;
        break reading;
      }
    }
    progress?.(size === 0 ? 1 : Math.min(1, position.bytesRead / size));
  }
  const columns = new Map<string, Column>();
  layout.textColumns.forEach((column, k) => columns.set(layout.header[column]!, parsedColumn(texts[k]!)));
  const estimated = complete ? names.length : Math.round((names.length * size) / Math.max(1, position.bytesRead));
  return { names, columns, matrix: builder.finish(), extent: { read: names.length, estimated, complete } };
}

function readRow({ fields, line }: TableRow, layout: CsvLayout, file: string, builder: CsrBuilder): void {
  if (fields.length !== layout.header.length) {
    throw new AppError('reading.csv-ragged', { file, line, found: fields.length, expected: layout.header.length });
  }
  if (fields[0] === '') {
    throw new AppError('reading.csv-no-name', { file, line, what: layout.cellsInRows ? 'cell' : 'feature' });
  }
  for (let k = 0; k < layout.numberColumns.length; k++) {
    const field = fields[layout.numberColumns[k]!]!;
    if (field === '0') continue;
    const value = Number(field);
    // Number reads blanks as 0 and 0x1 as a number; a value too large for float32 would become infinite.
    if (!Number.isFinite(Math.fround(value)) || field.trim() === '' || /[xXbBoO]/.test(field)) {
      throw badNumber(field, layout.header[layout.numberColumns[k]!]!, file, line);
    }
    if (value !== 0) builder.push(k, value);
  }
  builder.endRow();
}

function badNumber(field: string, column: string, file: string, line: number): AppError {
  const found = JSON.stringify(field);
  if (/^\s*-?\d+,\d+\s*$/.test(field)) return new AppError('reading.csv-decimal-comma', { file, line, column, found });
  if (/^\s*[+-]?(nan|inf(inity)?|\d[\d.]*e\+?\d+)\s*$/i.test(field)) {
    return new AppError('reading.text-not-finite', { file, line, found: field.trim() });
  }
  return new AppError('reading.csv-not-a-number', { file, line, column, found });
}

function requireNames({ line }: TableRow, layout: CsvLayout, file: string): void {
  if (layout.header.slice(1).some((name) => name.trim() === '')) {
    throw new AppError('reading.csv-no-name', { file, line, what: 'column' });
  }
}

/** A column of symbols beside Ensembl ids gives the names that people read. */
function featureTable(ids: readonly string[], columns: ReadonlyMap<string, Column>): FeatureTable {
  const { idType } = detectIdType(ids);
  const symbols = [...columns].find(([name, column]) => /symbol|gene_?name/i.test(name) && column.kind !== 'number');
  const names = ids.map((id, i) => (symbols === undefined ? id : (textAt(symbols[1], i) ?? id)));
  return { ids, names: idType === 'ensembl' ? names : ids, idType, columns };
}

async function fileSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw fileError(error, path) ?? error;
  }
}
