import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { type CsrMatrix, rowSums } from '#core/data/csr-matrix';
import type { CellTable, FeatureTable } from '#core/data/study';
import { areFragments } from '../chromatin/fragment-columns.ts';
import { openChoice, repairOf, slotOf } from '../choose-slot.ts';
import type { CsvFile } from '../csv/open-csv.ts';
import { axisEvidence } from '../detect/axis-names.ts';
import { detectGenomeStyle } from '../detect/genome-style.ts';
import { detectIdType, withoutVersion } from '../detect/id-type.ts';
import { detectModality } from '../detect/modality.ts';
import { detectSpecies } from '../detect/species.ts';
import { detectValueKind } from '../detect/value-kind.ts';
import { symbolTables } from '../genes/symbol-table.ts';
import { joinLabels } from '../labels/join-labels.ts';
import { readLabelsFile } from '../labels/read-labels-file.ts';
import { sizeOnDisk } from '../open-study-file.ts';
import { isEmptyRow } from '../read-rows.ts';
import { renamedFeatures } from '../renamed-features.ts';
import type { MatrixSlot, StudyFile } from '../study-file.ts';
import type { RowSample } from '../text/row-source.ts';
import { duplicatesIn, uniqueNames } from '../unique-names.ts';
import { inspectFragments } from './inspect-fragments.ts';
import { findingsOf, type FindingSources } from './findings.ts';
import { labelColumns } from './label-columns.ts';
import { emptyReport } from './empty-report.ts';
import { otherMatrices } from './other-matrices.ts';
import type { LabelsFileReport, PreflightReport } from './preflight-report.ts';
import type { StudyChoice } from './repair.ts';
import { sampleRows } from './sample-rows.ts';

const sampledCells = 1000;
const budgetMs = 500;

/**
 * Looks at a file as it would be read with the chosen repairs: what it holds, what is wrong with it, and the repair
 * of each problem. Names and tables of cells are read whole; of the values at most 1 000 cells are looked at, and of a
 * large table its beginning, so that the answer comes within about a second whatever the size.
 *
 * A file that cannot be read at all is refused as `readStudy` refuses it; repeated names, values that are not finite
 * and a missing matrix are findings here.
 */
export async function inspectStudy(choice: StudyChoice): Promise<PreflightReport> {
  if (await areFragments([choice])) return inspectFragments(choice);
  const file = await openChoice(choice, { budgetMs });
  try {
    const sizeBytes = await sizeOnDisk(choice.path);
    if (file.slots.length === 0) return emptyReport(file, sizeBytes);
    return await report(file, slotOf(file, choice), choice, sizeBytes);
  } finally {
    file.close();
  }
}

async function report(
  file: StudyFile,
  slot: MatrixSlot,
  choice: StudyChoice,
  sizeBytes: number,
): Promise<PreflightReport> {
  const name = basename(choice.path);
  const { features, knownIds } = await inspectFeatures(await file.readFeatures(slot), choice, name);
  const { cells, labelsFile } = await inspectCells(await file.readCells(slot), choice, name);
  const { sample, notFinite } = await sampleOf(file, slot);
  const extent = extentOf(file, slot);
  const genome = detectGenomeStyle(features);
  const ids = detectIdType(features.ids);
  const modality = detectModality(slot, features, name);
  const values =
    notFinite === null
      ? detectValueKind(sample)
      : { kind: 'unknown' as const, evidence: 'there are values that are not finite' };
  const whole: Omit<PreflightReport, 'findings'> = {
    path: choice.path,
    name,
    format: file.format,
    dialect: file.dialect,
    sizeBytes,
    slots: file.slots,
    chosenSlot: slot.id,
    modality: modality.modality,
    modalityEvidence: modality.evidence,
    cells: extent.cells,
    features: extent.features,
    sizeEstimated: extent.estimated,
    values,
    species: await detectSpecies(features, genome.build),
    idType: ids.idType,
    idEvidence: ids.evidence,
    exampleFeatures: features.ids.slice(0, 5),
    genome,
    labelColumns: labelColumns(cells, labelsFile?.columns ?? []),
    labelsFile,
    sample: { cells: sample.matrix.rows, of: extent.cells },
    emptyCells: sample.wholeRows ? emptyRows(sample.matrix) : 0,
    duplicateCells: duplicatesIn(cells.ids),
    duplicateFeatures: duplicatesIn(features.ids),
    nonFiniteValues: notFinite === null ? 0 : 1,
    skipped: [...file.skipped],
    estimatedMemoryBytes: memory(extent, slot, sample),
  };
  const sources: FindingSources = {
    report: whole,
    chosen: slot,
    features,
    others: await otherMatrices(file, slot),
    repairs: choice.repairs,
    notFinite,
    orientation: await orientationDoubt(file, cells, features, choice),
    knownIds,
    wholeRows: sample.wholeRows || notFinite !== null,
    lowCells:
      values.kind === 'counts' && sample.wholeRows ? rowSums(sample.matrix).filter((sum) => sum < 200).length : 0,
  };
  // Looking at other matrices may have found more parts that cannot be read.
  return { ...whole, skipped: [...file.skipped], findings: findingsOf(sources) };
}

/** Features as the repairs leave them, repeated names allowed, and how many Ensembl ids the shipped tables know. */
async function inspectFeatures(
  table: FeatureTable,
  choice: StudyChoice,
  name: string,
): Promise<{ features: FeatureTable; knownIds: number }> {
  const features = await renamedFeatures(table, choice, name);
  if (features.idType !== 'ensembl') return { features, knownIds: 0 };
  const { human, mouse } = await symbolTables();
  const known = features.ids.map(withoutVersion).filter((id) => human.symbolOf.has(id) || mouse.symbolOf.has(id));
  return { features, knownIds: known.length };
}

async function inspectCells(
  table: CellTable,
  choice: StudyChoice,
  study: string,
): Promise<{ cells: CellTable; labelsFile: LabelsFileReport | null }> {
  const unique = repairOf(choice, 'make-cell-names-unique') !== undefined;
  const named = (cells: CellTable): CellTable => (unique ? { ...cells, ids: uniqueNames(cells.ids) } : cells);
  const path = choice.labelsFile;
  if (path === undefined) return { cells: named(table), labelsFile: null };
  const { cells, added, matched, unmatched, cellsWithout } = joinLabels(table, await readLabelsFile(path), {
    path,
    study,
  });
  return { cells: named(cells), labelsFile: { path, columns: added, matched, unmatched, cellsWithout } };
}

/** Values that are not finite are a finding, with the place; every other error goes through. */
async function sampleOf(file: StudyFile, slot: MatrixSlot): Promise<{ sample: RowSample; notFinite: string | null }> {
  try {
    return { sample: await sampleRows(file, slot, sampledCells, budgetMs), notFinite: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'reading.value-not-finite') throw error;
    const none = new Float64Array(1);
    const matrix = {
      rows: 0,
      columns: slot.features,
      indptr: none,
      indices: new Uint32Array(),
      values: new Float32Array(),
    };
    return { sample: { matrix, wholeRows: false }, notFinite: error.message };
  }
}

interface Extent {
  readonly cells: number;
  readonly features: number;
  readonly estimated: boolean;
}

function extentOf(file: StudyFile, slot: MatrixSlot): Extent {
  if (!isCsv(file) || file.extent.complete) return { cells: slot.cells, features: slot.features, estimated: false };
  const rows = file.extent.estimated;
  return {
    cells: file.cellsInRows ? rows : slot.cells,
    features: file.cellsInRows ? slot.features : rows,
    estimated: true,
  };
}

/** A doubt about which side holds the cells, in words; null if there is none or the person has decided. */
async function orientationDoubt(
  file: StudyFile,
  cells: CellTable,
  features: FeatureTable,
  choice: StudyChoice,
): Promise<FindingSources['orientation']> {
  if (repairOf(choice, 'transpose') !== undefined) return null;
  if (isCsv(file)) {
    if (file.layout.orientationCertain) return null;
    const text = `Neither rows nor columns look like genes (${file.layout.orientationEvidence}); rows were taken for cells.`;
    return { severity: 'warning', text };
  }
  const [asCells, asFeatures] = [await axisEvidence(cells.ids), await axisEvidence(features.ids)];
  if (asCells.features > 0.5 && asFeatures.features < 0.2) {
    const text = `Cells and features seem to be changed over: the names of the cells are ${asCells.evidence}.`;
    return { severity: 'problem', text };
  }
  return null;
}

function isCsv(file: StudyFile): file is CsvFile {
  return 'extent' in file && 'layout' in file;
}

function emptyRows(matrix: CsrMatrix): number {
  let empty = 0;
  for (let row = 0; row < matrix.rows; row++) if (isEmptyRow(matrix, row)) empty++;
  return empty;
}

/** Eight bytes per stored value, eight per cell, and about 60 per name. */
function memory({ cells, features, estimated }: Extent, slot: MatrixSlot, { matrix, seen = 1 }: RowSample): number {
  const perCell = matrix.rows === 0 ? slot.features : matrix.values.length / matrix.rows / seen;
  const stored = slot.stored !== null && slot.storage !== 'dense' && !estimated ? slot.stored : perCell * cells;
  return Math.round(8 * stored + 8 * cells + 60 * (cells + features));
}
