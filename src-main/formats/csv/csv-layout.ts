import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { axisEvidence } from '../detect/axis-names.ts';
import { fileError, type Position } from '../text/byte-blocks.ts';
import { delimiterOf, type Delimiter, tableRows, type TableRow } from '../text/table-rows.ts';
import { firstLines } from '../text/read-lines.ts';
import { extentOf, type TableExtent } from './table-extent.ts';

/** How a table is laid out, told from its first lines. */
export interface CsvLayout {
  readonly delimiter: Delimiter;
  /** Names of all columns, the corner included. */
  readonly header: readonly string[];
  /** True where the header has one field less than the rows (R's write.table). */
  readonly headerShifted: boolean;
  /** Columns of text between or beside the numbers, by index; the name column 0 is not among them. */
  readonly textColumns: readonly number[];
  readonly numberColumns: readonly number[];
  readonly cellsInRows: boolean;
  /** False where neither side looked like cells or features. */
  readonly orientationCertain: boolean;
  readonly orientationEvidence: string;
  /** Rows of the table, extrapolated from those looked at. */
  readonly extent: TableExtent;
}

const sampledLines = 200;
/** Of wide tables fewer lines are looked at: 200 lines of 30 000 counts take about this much. */
const sampledBytes = 16 * 1024 * 1024;
const labelWords =
  /^(cell_?types?|cell_?labels?|labels?|annotations?|clusters?|seurat_clusters|leiden|louvain|batch|sample|donor|patient|condition|group|tissue|n_?(counts?|genes?|umis?)|nCount_RNA|nFeature_RNA|percent[._]mt)$/i;

/**
 * Reads the first lines and decides separator, columns and orientation. A column is text when at least half of its
 * sampled values are no numbers, or when it stands before all numbers and its name is that of a usual cell column.
 *
 * Throws `reading.csv-no-rows`, `reading.csv-one-column`, `reading.csv-no-header`, `reading.csv-no-numbers`,
 * `reading.csv-no-name` for a column without one, and what `tableRows` throws.
 */
export async function csvLayout(path: string): Promise<CsvLayout> {
  const file = basename(path);
  const lines = await firstLines(path, sampledLines, sampledBytes);
  const delimiter = delimiterOf(lines);
  const [extent, [head, ...rows]] = await firstRows(path, delimiter, lines.length);
  if (head === undefined || rows.length === 0) throw new AppError('reading.csv-no-rows', { file });
  const width = rows[0]!.fields.length;
  const headerShifted = head.fields.length === width - 1;
  const header = headerShifted ? ['', ...head.fields] : head.fields;
  if (width < 2) throw new AppError('reading.csv-one-column', { file, found: JSON.stringify(lines[0]!.slice(0, 60)) });
  refuseMissingHeader(header, file);

  const { textColumns, numberColumns } = splitColumns(header, rows);
  if (numberColumns.length === 0) {
    throw new AppError('reading.csv-no-numbers', { file, columns: header.slice(0, 6).join(', ') });
  }
  if (header.slice(1).some((name) => name.trim() === '')) {
    throw new AppError('reading.csv-no-name', { file, line: head.line, what: 'column' });
  }
  const columnNames = numberColumns.map((column) => header[column]!);
  const rowNames = rows.map((row) => row.fields[0]!);
  return {
    delimiter,
    header,
    headerShifted,
    textColumns,
    numberColumns,
    extent,
    ...(await orientation(columnNames, rowNames, header, textColumns)),
  };
}

async function firstRows(path: string, delimiter: Delimiter, count: number): Promise<[TableExtent, TableRow[]]> {
  const size = await fileSize(path);
  const position: Position = { bytesRead: 0 };
  const all: TableRow[] = [];
  let complete = true;
  for await (const rows of tableRows(path, delimiter, position)) {
    all.push(...rows);
    complete = all.length < count;
    if (!complete) break;
  }
  return [extentOf(Math.max(0, all.length - 1), complete, position.bytesRead / size), all.slice(0, count)];
}

async function fileSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw fileError(error, path) ?? error;
  }
}

function splitColumns(
  header: readonly string[],
  rows: readonly TableRow[],
): Pick<CsvLayout, 'textColumns' | 'numberColumns'> {
  const textColumns: number[] = [];
  const numberColumns: number[] = [];
  for (let column = 1; column < header.length; column++) {
    let texts = 0;
    let filled = 0;
    for (const { fields } of rows) {
      const field = fields[column]?.trim() ?? '';
      if (field === '') continue;
      filled++;
      if (Number.isNaN(Number(field)) && !/^-?\d+,\d+$/.test(field) && !/^(NA|[+-]?inf(inity)?)$/i.test(field)) texts++;
    }
    const named = numberColumns.length === 0 && labelWords.test(header[column]!);
    if (texts * 2 >= Math.max(1, filled) || named) textColumns.push(column);
    else numberColumns.push(column);
  }
  return { textColumns, numberColumns };
}

async function orientation(
  columnNames: readonly string[],
  rowNames: readonly string[],
  header: readonly string[],
  textColumns: readonly number[],
): Promise<Pick<CsvLayout, 'cellsInRows' | 'orientationCertain' | 'orientationEvidence'>> {
  const [across, down] = [await axisEvidence(columnNames), await axisEvidence(rowNames)];
  const score = across.features + down.cells - across.cells - down.features;
  const evidence = `columns: ${across.evidence}; rows: ${down.evidence}`;
  if (Math.abs(score) > 0.25) {
    return { cellsInRows: score > 0, orientationCertain: true, orientationEvidence: evidence };
  }
  const corner = header[0]!.toLowerCase();
  const labelled = textColumns.some((column) => labelWords.test(header[column]!));
  if (/gene|feature|symbol|peak|ensembl/.test(corner)) {
    return {
      cellsInRows: false,
      orientationCertain: true,
      orientationEvidence: `the first column is named "${header[0]}"`,
    };
  }
  if (/cell|barcode/.test(corner) || labelled) {
    const name = labelled ? header[textColumns.find((column) => labelWords.test(header[column]!))!] : header[0];
    return { cellsInRows: true, orientationCertain: true, orientationEvidence: `there is a column named "${name}"` };
  }
  return { cellsInRows: true, orientationCertain: false, orientationEvidence: evidence };
}

function refuseMissingHeader(header: readonly string[], file: string): void {
  const names = header.slice(1);
  const numeric = names.every((name) => name.trim() !== '' && !Number.isNaN(Number(name)));
  if (numeric && names.length > 1 && new Set(names).size < names.length) {
    throw new AppError('reading.csv-no-header', { file, found: names.slice(0, 4).join(', ') });
  }
}
