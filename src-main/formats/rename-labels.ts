import { AppError } from '#core/base/app-error';
import { type Column, columnTexts } from '#core/data/column';
import type { Study } from '#core/data/study';
import { repairOf } from './choose-slot.ts';
import type { StudyChoice } from './inspect/repair.ts';

/**
 * The study with the labels of a column called as `rename-labels` says; labels that come to the same name become one. All names
 * are those in the file, so two can change places; one that no cell has is passed over, as with several files some are only in
 * others. Throws `reading.repair-does-not-fit` where the column is not there.
 *
 * @param labelColumn that the repair looks at; without it the study comes back as it is
 */
export function renamedLabels<S extends Pick<Study, 'name' | 'cells'>>(
  study: S,
  choice: StudyChoice,
  labelColumn: string | undefined,
): S {
  const repair = repairOf(choice, 'rename-labels');
  if (repair === undefined || labelColumn === undefined) return study;
  const { columns } = study.cells;
  const column = columns.get(labelColumn);
  if (column === undefined) {
    const known = [...columns.keys()].join(', ') || 'none';
    const reason = `its cells have no column "${labelColumn}" (columns: ${known})`;
    throw new AppError('reading.repair-does-not-fit', { file: study.name, repair: repair.kind, reason });
  }
  const names = new Map(repair.names.map(({ from, to }) => [from, to]));
  const renamed = new Map(columns).set(labelColumn, renamedColumn(column, names));
  return { ...study, cells: { ...study.cells, columns: renamed } };
}

/** Categories keep their order, merged ones stand at the first of them; numbers become text. */
function renamedColumn(column: Column, names: ReadonlyMap<string, string>): Column {
  const nameOf = (label: string): string => names.get(label) ?? label;
  if (column.kind !== 'categories') {
    return { kind: 'text', values: columnTexts(column).map((label) => (label === null ? null : nameOf(label))) };
  }
  const categories = [...new Set(column.categories.map(nameOf))];
  const placeOf = new Map(categories.map((name, place) => [name, place]));
  const codes = column.categories.map((label) => placeOf.get(nameOf(label))!);
  return { ...column, categories, codes: column.codes.map((code) => (code < 0 ? code : codes[code]!)) };
}
