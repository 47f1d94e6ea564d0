import type { Column } from '#core/data/column';
import { textAt } from '#core/data/column';
import type { CellTable } from '#core/data/study';
import type { LabelColumn, LabelColumnRole } from './preflight-report.ts';

const shownValues = 50;
/** More different values than this are no labels by their look. */
const mostLabels = 200;
const mostNumberLabels = 60;
const labelName = /cell[ _.-]?types?|label|annot|ident(ity)?$|subclass|lineage/i;
const clusterName = /cluster|leiden|louvain|group|phenotype|stage/i;

/**
 * All columns of the cells with their values counted: candidates for labels first (those whose name speaks of cell
 * types before clusters before others), then the rest in the order of the file. None is left out.
 *
 * @param fromLabelsFile names of the columns that the labels file added
 */
export function labelColumns(cells: CellTable, fromLabelsFile: readonly string[]): LabelColumn[] {
  const added = new Set(fromLabelsFile);
  const columns = [...cells.columns].map(([name, column]): LabelColumn => {
    const { counts, missing } = countValues(column, cells.ids.length);
    const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return {
      name,
      role: roleOf(column, counts, cells.ids.length - missing),
      distinct: counts.size,
      missing,
      counts: sorted.slice(0, shownValues).map(([value, n]) => ({ value, cells: n })),
      from: added.has(name) ? 'labels-file' : 'study',
    };
  });
  return columns
    .map((column, i) => ({ column, rank: rankOf(column), i }))
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .map(({ column }) => column);
}

function countValues(column: Column, rows: number): { counts: Map<string, number>; missing: number } {
  const counts = new Map<string, number>();
  let missing = 0;
  if (column.kind === 'categories') {
    const perCode = new Float64Array(column.categories.length);
    for (const code of column.codes) {
      if (code < 0) missing++;
      else perCode[code]!++;
    }
    column.categories.forEach((category, code) => {
      if (perCode[code]! > 0) counts.set(category, (counts.get(category) ?? 0) + perCode[code]!);
    });
    return { counts, missing };
  }
  for (let row = 0; row < rows; row++) {
    const text = textAt(column, row);
    if (text === null) missing++;
    else counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return { counts, missing };
}

function roleOf(column: Column, counts: ReadonlyMap<string, number>, filled: number): LabelColumnRole {
  if (counts.size <= 1) return 'one-value';
  if (column.kind === 'number') {
    const whole = [...counts.keys()].every((value) => Number.isInteger(Number(value)));
    return whole && counts.size <= mostNumberLabels && counts.size * 4 <= filled ? 'candidate' : 'number';
  }
  if (counts.size === filled && filled > 2) return 'unique';
  return counts.size <= mostLabels && counts.size * 2 <= Math.max(4, filled) ? 'candidate' : 'many-values';
}

function rankOf({ name, role, distinct, from }: LabelColumn): number {
  if (role !== 'candidate') return 10;
  const byName = labelName.test(name) ? 0 : clusterName.test(name) ? 2 : 4;
  return byName + (from === 'labels-file' ? -1 : 0) + (distinct > 2 ? 0 : 1);
}
