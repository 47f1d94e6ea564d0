import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { Column } from '#core/data/column';
import type { CellTable } from '#core/data/study';

/** The cells of a study with the columns of a labels file, and how well the two fit. */
export interface JoinedLabels {
  readonly cells: CellTable;
  /** Names of the columns that came from the file, as they are called in `cells`. */
  readonly added: readonly string[];
  /** Lines of the file whose cell is in the study. */
  readonly matched: number;
  /** Lines whose cell is not. */
  readonly unmatched: number;
  readonly cellsWithout: number;
}

/**
 * Adds the columns of a labels file to the cells of the same name. Cells without a line miss the values. A column
 * of the file goes before a column of the study with the same name, which is then called "NAME (study)".
 *
 * Throws `reading.labels-match-nothing` if no cell of the file is in the study.
 *
 * @param source path of the labels file and name of the study, for the message
 */
export function joinLabels(cells: CellTable, labels: CellTable, source: { path: string; study: string }): JoinedLabels {
  const lineOf = new Map(labels.ids.map((id, line) => [id, line]));
  const lines = Int32Array.from(cells.ids, (id) => lineOf.get(id) ?? -1);
  const used = new Set(lines.filter((line) => line >= 0));
  if (used.size === 0) {
    throw new AppError('reading.labels-match-nothing', {
      file: basename(source.path),
      study: source.study,
      lines: labels.ids.length,
      inFile: labels.ids.slice(0, 2).join(', '),
      inStudy: cells.ids.slice(0, 2).join(', '),
    });
  }
  const columns = new Map<string, Column>();
  for (const [name, column] of labels.columns) columns.set(name, atLines(column, lines));
  for (const [name, column] of cells.columns) columns.set(labels.columns.has(name) ? `${name} (study)` : name, column);
  return {
    cells: { ids: cells.ids, columns },
    added: [...labels.columns.keys()],
    matched: used.size,
    unmatched: labels.ids.length - used.size,
    cellsWithout: lines.reduce((count, line) => count + (line < 0 ? 1 : 0), 0),
  };
}

/** The column at other rows; −1 is missing. */
function atLines(column: Column, lines: Int32Array): Column {
  switch (column.kind) {
    case 'text':
      return { kind: 'text', values: Array.from(lines, (line) => (line < 0 ? null : column.values[line]!)) };
    case 'categories':
      return { ...column, codes: lines.map((line) => (line < 0 ? -1 : column.codes[line]!)) };
    case 'number':
      return { kind: 'number', values: Float64Array.from(lines, (line) => (line < 0 ? NaN : column.values[line]!)) };
    case 'boolean':
      return { kind: 'boolean', values: Uint8Array.from(lines, (line) => (line < 0 ? 2 : column.values[line]!)) };
  }
}
