import { AppError } from '../base/app-error.ts';
import { columnTexts } from '../data/column.ts';
import type { Study } from '../data/study.ts';

export interface NumberedLabels {
  /** [labels] distinct labels in code-point order. */
  readonly labels: readonly string[];
  /** [cells] number of each cell's label; −1 where it has none. */
  readonly label: Int32Array;
  /** [labels] cells of each label. */
  readonly cells: Uint32Array;
}

/** Written forms of "no label" that tables of other programs leave behind. */
const MISSING = new Set(['', 'nan', 'NaN', 'NA', 'N/A', '<NA>', 'None', 'null']);

/**
 * The labels of a study as numbers. A label's number is its place among the distinct labels in code-point order.
 * Empty texts and the written forms of a missing value (NA, NaN, None, …) are no labels.
 *
 * @throws AppError if the column is not there, holds no label, or holds so many different values (more than half as many
 *   as cells, over 20) that it cannot be a grouping
 */
export function numberLabels(study: Study, column: string): NumberedLabels {
  const found = study.cells.columns.get(column);
  if (found === undefined) {
    throw new AppError('preparing.no-such-label-column', {
      study: study.name,
      column,
      columns: [...study.cells.columns.keys()],
    });
  }
  const texts = columnTexts(found).map((text) => (text === null || MISSING.has(text.trim()) ? null : text));
  const labels = [...new Set(texts.filter((text) => text !== null))].sort(byCodePoint);
  const labelled = texts.reduce((count, text) => count + (text === null ? 0 : 1), 0);
  if (labels.length === 0)
    throw new AppError('preparing.no-labels', { study: study.name, column, cells: texts.length });
  if (labels.length > 20 && labels.length * 2 > labelled) {
    throw new AppError('preparing.labels-all-different', {
      study: study.name,
      column,
      labels: labels.length,
      cells: labelled,
    });
  }
  const number = new Map(labels.map((label, i) => [label, i]));
  const label = Int32Array.from(texts, (text) => (text === null ? -1 : number.get(text)!));
  const cells = new Uint32Array(labels.length);
  for (const k of label) if (k >= 0) cells[k]!++;
  return { labels, label, cells };
}

/** Order of Unicode code points; JavaScript's own compares UTF-16 units. */
function byCodePoint(a: string, b: string): number {
  const x = [...a];
  const y = [...b];
  for (let i = 0; i < x.length && i < y.length; i++) {
    const gap = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
    if (gap !== 0) return gap;
  }
  return x.length - y.length;
}
