import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '#core/base/app-error';
import { type CancelSignal, throwIfCancelled } from '#core/base/cancel';
import { rowsAt, type RowStore, selectRows, type SparseRows } from '#core/data/sparse-rows';
import type { CellTable, FeatureTable, Study, StudyInMemory, ValueKind } from '#core/data/study';
import { areFragments } from './chromatin/fragment-columns.ts';
import { openChoice, repairOf, slotOf } from './choose-slot.ts';
import { detectGenomeStyle } from './detect/genome-style.ts';
import { detectModality } from './detect/modality.ts';
import { detectSpecies } from './detect/species.ts';
import { detectValueKind } from './detect/value-kind.ts';
import type { StudyChoice } from './inspect/repair.ts';
import { joinLabels } from './labels/join-labels.ts';
import { readLabelsFile } from './labels/read-labels-file.ts';
import { nothingLeft, rowRule, takeEmbeddings, withoutLabels } from './leave-out-cells.ts';
import { keptNumbers, type KeptRows, readAllRows, type RowRule } from './read-rows.ts';
import { renamedLabels } from './rename-labels.ts';
import { renamedFeatures } from './renamed-features.ts';
import { rowsOnFile } from './rows-on-file.ts';
import type { OpenOptions } from './open-study-file.ts';
import type { MatrixSlot, StudyFile } from './study-file.ts';
import { takeCells } from './take-rows.ts';
import { risingProgress } from './text/row-source.ts';
import { duplicatesIn, uniqueNames } from './unique-names.ts';

export interface ReadStudyOptions {
  readonly signal?: CancelSignal | undefined;
  /** Told the fraction done, 0 … 1. */
  readonly progress?: ((fraction: number) => void) | undefined;
  /** The column that the repairs `drop-labels` and `rename-labels` look at; without it they are left to the preparation. */
  readonly labelColumn?: string | undefined;
}

export function readStudy(choice: StudyChoice, options?: ReadStudyOptions): Promise<StudyInMemory>;
export function readStudy(
  choice: StudyChoice,
  options: ReadStudyOptions & { readonly store: RowStore | undefined },
): Promise<Study>;
/**
 * Reads one study as its choice says. Fragments are counted (`readFragmentsStudy`); of everything else: opens the file,
 * takes the chosen matrix, joins the labels file, applies the repairs (in the order: matrix and orientation, symbols, chr,
 * unique names, cells left out, labels renamed) and gives back a study whose ids are unique. The user's file is only read. Rows that are
 * too many for memory go into the store; without one everything is read into memory.
 *
 * Throws what `openStudyFile` and the reader throw; `reading.no-matrix`, `reading.no-such-matrix`,
 * `reading.empty-study`, `reading.duplicate-cells` and `reading.duplicate-features` (without the repair that makes
 * names unique), `reading.repair-does-not-fit`, `reading.repair-leaves-nothing`, the errors of the labels file, and
 * `Cancelled`.
 */
export async function readStudy(
  choice: StudyChoice,
  options: ReadStudyOptions & { readonly store?: RowStore | undefined } = {},
): Promise<Study> {
  const progress = risingProgress(options.progress);
  if (await areFragments([choice])) return countedStudy(choice, { ...options, progress });
  return assembled(choice, { ...options, progress }, (file, slot, rule) =>
    readAllRows(file, slot, rule, { ...options, progress }),
  );
}

/**
 * As `readStudy`, with rows that stay in the file and are read from it each time they are asked for: for a use that goes
 * over them once, or not at all. Repairs that leave cells out go over them once here. The file must stay as it is.
 */
export async function readStudyOnFile(choice: StudyChoice, options: ReadStudyOptions = {}): Promise<Study> {
  if (await areFragments([choice])) return countedStudy(choice, options);
  return assembled(choice, options, async (file, slot, rule) => {
    const rows = rowsOnFile(choice, slot);
    const kept = await keptNumbers(file, slot, rule, options);
    return { matrix: kept === null ? rows : selectRows(rows, kept), kept };
  });
}

/** A fragments file, counted. */
async function countedStudy(
  choice: StudyChoice,
  options: ReadStudyOptions & { readonly store?: RowStore | undefined },
): Promise<Study> {
  return (await (await import('./chromatin/read-fragments-study.ts')).readFragmentsStudy(choice, options)).study;
}

/** The study of a choice, with rows as `read` gives them. */
async function assembled(
  choice: StudyChoice,
  options: ReadStudyOptions,
  read: (file: StudyFile, slot: MatrixSlot, rule: RowRule) => Promise<KeptRows>,
): Promise<Study> {
  const file = await openChoice(choice, options);
  try {
    const slot = slotOf(file, choice);
    const tables = await tablesOf(file, slot, choice, options.signal);
    const rule = rowRule(choice);
    const { matrix, kept } = await read(file, slot, rule);
    if (matrix.rows === 0) throw nothingLeft(choice, rule, slot.cells);
    const embeddings = await file.readEmbeddings(slot);
    const whole: Study = {
      ...tables,
      valueKind: await valueKindOf(matrix),
      cells: kept === null ? tables.cells : takeCells(tables.cells, kept),
      matrix,
      embeddings: kept === null ? embeddings : takeEmbeddings(embeddings, kept),
    };
    return renamedLabels(withoutLabels(whole, choice, options.labelColumn), choice, options.labelColumn);
  } finally {
    file.close();
  }
}

async function valueKindOf(matrix: SparseRows): Promise<ValueKind> {
  return detectValueKind({ matrix: await rowsAt(matrix, spacedRows(matrix.rows, 1000)), wholeRows: true }).kind;
}

/** A study without its matrix. */
export type StudyTables = Pick<Study, 'name' | 'modality' | 'species' | 'cells' | 'features'>;

/**
 * The cells and features of a study as `readStudy` gives them, without the matrix: quick whatever its size. Repairs that
 * leave cells out look at the matrix and are not applied. Throws what `readStudy` throws before it reads the matrix.
 */
export async function readStudyTables(choice: StudyChoice, options: OpenOptions = {}): Promise<StudyTables> {
  if (await areFragments([choice])) {
    return (await import('./chromatin/fragment-tables.ts')).fragmentTables(choice, options);
  }
  const file = await openChoice(choice, options);
  try {
    return await tablesOf(file, slotOf(file, choice), choice);
  } finally {
    file.close();
  }
}

async function tablesOf(
  file: StudyFile,
  slot: MatrixSlot,
  choice: StudyChoice,
  signal?: CancelSignal,
): Promise<StudyTables> {
  const name = basename(choice.path);
  /** A million names take a second; between two looks at them a request to stop is heard. */
  const pause = async <T>(value: T): Promise<T> => {
    await setImmediate();
    throwIfCancelled(signal);
    return value;
  };
  if (slot.cells === 0 || slot.features === 0) {
    throw new AppError('reading.empty-study', { file: name, cells: slot.cells, features: slot.features });
  }
  const features = await pause(await repairedFeatures(await file.readFeatures(slot), choice, name));
  const cells = await pause(await repairedCells(await pause(await file.readCells(slot)), choice, name));
  return { name, ...(await detected(slot, features, name)), cells, features };
}

/** Features as the repairs leave them; unique, or refused. */
async function repairedFeatures(table: FeatureTable, choice: StudyChoice, name: string): Promise<FeatureTable> {
  const features = await renamedFeatures(table, choice, name);
  const { count, examples } = duplicatesIn(features.ids);
  if (count > 0) throw new AppError('reading.duplicate-features', { file: name, count, examples: examples.join(', ') });
  return features;
}

async function repairedCells(table: CellTable, choice: StudyChoice, name: string): Promise<CellTable> {
  const path = choice.labelsFile;
  const cells = path === undefined ? table : joinLabels(table, await readLabelsFile(path), { path, study: name }).cells;
  if (repairOf(choice, 'make-cell-names-unique') !== undefined) return { ...cells, ids: uniqueNames(cells.ids) };
  const { count, examples } = duplicatesIn(cells.ids);
  if (count > 0) throw new AppError('reading.duplicate-cells', { file: name, count, examples: examples.join(', ') });
  return cells;
}

async function detected(
  slot: MatrixSlot,
  features: FeatureTable,
  name: string,
): Promise<Pick<Study, 'modality' | 'species'>> {
  const { build } = detectGenomeStyle(features);
  const { species } = await detectSpecies(features, build);
  return { modality: detectModality(slot, features, name).modality, species };
}

/** At most `count` evenly spaced rows. */
function spacedRows(rows: number, count: number): Int32Array {
  const step = Math.max(1, Math.ceil(rows / count));
  return Int32Array.from({ length: Math.ceil(rows / step) }, (_, i) => i * step);
}
