import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { Column } from '#core/data/column';
import type { CellTable, FeatureTable, Modality } from '#core/data/study';
import { detectIdType } from '../detect/id-type.ts';
import { textColumn } from '../text/text-column.ts';
import { readLines } from '../text/read-lines.ts';

/** The features of a folder, with the feature type of each where the list has one (Cell Ranger 3 and later). */
export interface MtxFeatures {
  readonly table: FeatureTable;
  /** E.g. "Gene Expression"; null for lists of two columns and for peaks. */
  readonly types: readonly string[] | null;
  readonly layout: 'genes' | 'features' | 'peaks' | 'names';
}

/**
 * Reads genes.tsv (id, symbol), features.tsv (id, symbol, type, …), peaks.bed (chromosome, start, end) or a bare
 * list of names. Where the ids repeat and the symbols do not, the symbols are the ids. A header line is left out
 * when the matrix has one feature less than the list has lines.
 *
 * @param expected the two sizes of the matrix, to tell a header line
 */
export async function readFeatureNames(path: string, expected: readonly number[]): Promise<MtxFeatures> {
  const rows = await readRows(path, expected, 'feature');
  if (looksLikePeaks(rows)) {
    const ids = rows.map((row) => `${row[0]}:${row[1]}-${row[2]}`);
    return { table: { ids, names: ids, idType: 'coordinates', columns: new Map() }, types: null, layout: 'peaks' };
  }
  const width = Math.min(...rows.slice(0, 100).map((row) => row.length), rows.length === 0 ? 1 : Infinity);
  const first = rows.map((row) => row[0]!);
  if (width < 2) return { table: { ...bare(first), names: first }, types: null, layout: 'names' };

  const second = rows.map((row, i) => (row[1] === undefined || row[1] === '' ? first[i]! : row[1]));
  const ids = new Set(first).size < first.length && new Set(second).size > new Set(first).size ? second : first;
  const types = width >= 3 ? rows.map((row) => row[2] ?? '') : null;
  const columns = new Map<string, Column>();
  if (ids !== first) columns.set('id', { kind: 'text', values: first });
  if (types !== null) columns.set('feature_type', textColumn(types));
  if (width >= 6) {
    columns.set('interval', { kind: 'text', values: rows.map((row) => interval(row)) });
  }
  return { table: { ...bare(ids), names: second, columns }, types, layout: types === null ? 'genes' : 'features' };
}

/** Reads barcodes.tsv: the first column names the cells, further columns (if it has a header) become cell columns. */
export async function readCellNames(path: string, expected: readonly number[]): Promise<CellTable> {
  const all = await readRows(path, [], 'cell');
  const header = hasHeader(all.length, expected) ? all[0]! : null;
  const rows = header === null ? all : all.slice(1);
  const columns = new Map<string, Column>();
  header?.slice(1).forEach((name, j) => {
    columns.set(name, textColumn(rows.map((row) => row[j + 1] ?? '')));
  });
  return { ids: rows.map((row) => row[0]!), columns };
}

/** The modality that a feature type of Cell Ranger stands for. */
export function modalityOf(featureType: string): Modality {
  if (featureType === 'Gene Expression') return 'rna';
  if (featureType === 'Peaks') return 'peaks';
  return featureType === 'Antibody Capture' ? 'protein' : 'other';
}

async function readRows(path: string, expected: readonly number[], what: 'cell' | 'feature'): Promise<string[][]> {
  const lines = await readLines(path);
  while (lines.at(-1) === '') lines.pop();
  const separator = /\.csv(\.gz)?$/i.test(path) ? ',' : '\t';
  const rows = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.split(separator).map((field) => field.replace(/^"(.*)"$/, '$1').trim()));
  if (hasHeader(rows.length, expected)) rows.shift();
  const empty = rows.findIndex((row) => row[0] === '');
  if (empty !== -1) {
    throw new AppError('reading.names-line', {
      file: basename(path),
      line: lines.length - rows.length + empty + 1,
      found: 'an empty line',
      expected: `the name of a ${what}`,
    });
  }
  return rows;
}

function hasHeader(lines: number, expected: readonly number[]): boolean {
  return expected.includes(lines - 1) && !expected.includes(lines);
}

function looksLikePeaks(rows: readonly string[][]): boolean {
  const sample = rows.slice(0, 100);
  return sample.length > 0 && sample.every((row) => row.length >= 3 && isWhole(row[1]) && isWhole(row[2]));
}

function isWhole(text: string | undefined): boolean {
  return text !== undefined && /^\d+$/.test(text);
}

function interval(row: readonly string[]): string | null {
  const [chromosome, start, end] = row.slice(3);
  return chromosome && isWhole(start) && isWhole(end) ? `${chromosome}:${start}-${end}` : null;
}

function bare(ids: readonly string[]): Omit<FeatureTable, 'names'> {
  return { ids, idType: detectIdType(ids).idType, columns: new Map() };
}
