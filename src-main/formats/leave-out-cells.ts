import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { CancelSignal } from '#core/base/cancel';
import { textAt } from '#core/data/column';
import { blocksOf, selectRows } from '#core/data/sparse-rows';
import type { CellEmbedding, Study } from '#core/data/study';
import { repairOf } from './choose-slot.ts';
import type { StudyChoice } from './inspect/repair.ts';
import { type RowRule, rowsKept } from './read-rows.ts';
import { takeCells, takeFromEmbedding } from './take-rows.ts';

/** Which rows the repairs of a choice keep, as far as their values tell. */
export function rowRule(choice: StudyChoice): RowRule {
  return {
    dropEmpty: repairOf(choice, 'drop-empty-cells') !== undefined,
    least: repairOf(choice, 'drop-cells-below')?.counts ?? 0,
  };
}

/** The refusal of a repair that keeps none of so many cells. */
export function nothingLeft({ path }: StudyChoice, { least }: RowRule, cells: number): AppError {
  const repair = least > 0 ? `drop-cells-below=${least}` : 'drop-empty-cells';
  return new AppError('reading.repair-leaves-nothing', { file: basename(path), repair, cells });
}

/**
 * The rows of a study that the repairs of its choice keep, those that look at values and the one that looks at labels; null
 * for all of them. Throws `reading.repair-leaves-nothing` and `reading.repair-does-not-fit`.
 *
 * @param labelColumn that `drop-labels` looks at; without it that repair is passed over
 */
export async function cellsKept(
  study: Study,
  choice: StudyChoice,
  labelColumn: string | undefined,
  signal?: CancelSignal,
): Promise<Int32Array | null> {
  const labelled = labelledCells(study, choice, labelColumn);
  const rule = rowRule(choice);
  if (!rule.dropEmpty && !(rule.least > 0)) return labelled;
  const wanted = labelled === null ? null : new Set(labelled);
  const kept: number[] = [];
  for await (const { from, matrix } of blocksOf(study.matrix, signal)) {
    for (const row of rowsKept(matrix, rule)) if (wanted?.has(from + row) !== false) kept.push(from + row);
  }
  if (kept.length === 0) throw nothingLeft(choice, rule, study.matrix.rows);
  return Int32Array.from(kept);
}

/** The study without the cells that `drop-labels` leaves out. Throws as `cellsKept`. */
export function withoutLabels(study: Study, choice: StudyChoice, labelColumn: string | undefined): Study {
  return takeStudyCells(study, labelledCells(study, choice, labelColumn));
}

/** Some cells of a study, in the order named; null for all. */
export function takeStudyCells(study: Study, kept: Int32Array | null): Study {
  if (kept === null) return study;
  return {
    ...study,
    cells: takeCells(study.cells, kept),
    matrix: selectRows(study.matrix, kept),
    embeddings: takeEmbeddings(study.embeddings, kept),
  };
}

/** Some cells of all embeddings, in the order named. */
export function takeEmbeddings(
  embeddings: ReadonlyMap<string, CellEmbedding>,
  kept: Int32Array,
): Map<string, CellEmbedding> {
  return new Map([...embeddings].map(([key, embedding]) => [key, takeFromEmbedding(embedding, kept)]));
}

function labelledCells(study: Study, choice: StudyChoice, labelColumn: string | undefined): Int32Array | null {
  const repair = repairOf(choice, 'drop-labels');
  if (repair === undefined || labelColumn === undefined) return null;
  const column = study.cells.columns.get(labelColumn);
  if (column === undefined) {
    const known = [...study.cells.columns.keys()].join(', ') || 'none';
    const reason = `its cells have no column "${labelColumn}" (columns: ${known})`;
    throw new AppError('reading.repair-does-not-fit', { file: study.name, repair: 'drop-labels', reason });
  }
  const dropped = new Set(repair.labels);
  const kept = Int32Array.from(study.cells.ids.keys()).filter((cell) => {
    const label = textAt(column, cell);
    return label !== null && !dropped.has(label);
  });
  if (kept.length === 0) {
    const { name: file, matrix } = study;
    throw new AppError('reading.repair-leaves-nothing', { file, repair: 'drop-labels', cells: matrix.rows });
  }
  return kept;
}
