import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { ListedCells, matchBarcodes } from '#core/chromatin/match-barcodes';
import type { CellTable } from '#core/data/study';
import type { StudyChoice } from '../inspect/repair.ts';
import { joinLabels } from '../labels/join-labels.ts';
import { readLabelsFile } from '../labels/read-labels-file.ts';

/**
 * The listed cells of a fragments file with the columns of a labels file of its own, where there is one besides the list; its
 * cells may be written in another way (`matchBarcodes`). Throws what `readLabelsFile` and `joinLabels` throw.
 */
export async function cellLabels(table: CellTable, { path, labelsFile, chromatin }: StudyChoice): Promise<CellTable> {
  if (labelsFile === undefined || chromatin?.barcodes === undefined) return table;
  const labels = await readLabelsFile(labelsFile);
  const named = { ids: namedAs(table.ids, labels.ids), columns: labels.columns };
  return joinLabels(table, named, { path: labelsFile, study: basename(path) }).cells;
}

/** The names of a labels file as the list writes them; names that the list has not, and all where none fits, stay. */
function namedAs(list: readonly string[], names: readonly string[]): readonly string[] {
  try {
    const { style } = matchBarcodes(names, list);
    if (style === 'exact') return names;
    const rows = new ListedCells(names, style).of(list);
    const out = [...names];
    list.forEach((id, i) => {
      if (rows[i]! >= 0) out[rows[i]!] = id;
    });
    return out;
  } catch (error) {
    // no way of writing them fits: the labels file is refused by the join, with both
    if (error instanceof AppError && error.code.startsWith('chromatin.barcodes-')) return names;
    throw error;
  }
}
