import { countText } from '#core/base/count-text';
import { basename } from 'node:path';
import type { CancelSignal } from '#core/base/cancel';
import { AppError } from '#core/base/app-error';
import { callCells, type CalledCells } from '#core/chromatin/call-cells';
import { CellQualityCounter } from '#core/chromatin/cell-quality';
import { type CellRows, EveryBarcode } from '#core/chromatin/cell-rows';
import { ListedCells, matchBarcodes } from '#core/chromatin/match-barcodes';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { CellTable } from '#core/data/study';
import { FragmentReading } from '../fragments/fragment-reading.ts';
import { readLabelsFile } from '../labels/read-labels-file.ts';
import type { StudyChoice } from '../inspect/repair.ts';
import { cellsOfSample } from './cells-of-sample.ts';
import { type FragmentLook, lookAtFragments } from './look-at-fragments.ts';
import { readBarcodes } from './read-barcodes.ts';

/** Which barcodes of a fragments file are cells. */
export interface FragmentCells {
  /** In the order of the list; without one, of first appearance in the file. With the columns of the list. */
  readonly table: CellTable;
  /** Rows for one pass over the file. */
  rows(): CellRows;
  /** How cells were told from background; null where there was a list. */
  readonly called: CalledCells | null;
  readonly notes: readonly PreparationNote[];
}

export interface CellSearch {
  /** Names of the cells, where they are known from elsewhere; goes before what the choice says. */
  readonly cells?: readonly string[] | undefined;
  readonly signal?: CancelSignal | undefined;
  readonly progress?: ((fraction: number) => void) | undefined;
}

/**
 * The cells of a fragments file: those of the list or the labels file that belong to its sample (`cellsOfSample`), found in
 * whichever way of writing barcodes fits (`matchBarcodes`), or else told by their numbers of fragments (`callCells`, for which the file is read once).
 *
 * @throws AppError `chromatin.barcodes-match-nothing`, `chromatin.barcodes-ambiguous`, `chromatin.no-cells`, what
 *   `readBarcodes` and `readLabelsFile` throw, and `Cancelled`
 */
export async function fragmentCells(
  choice: StudyChoice,
  look: FragmentLook,
  search: CellSearch,
): Promise<FragmentCells> {
  const listed = await listedCells(choice, search.cells);
  return listed === null
    ? calledCells(choice, search)
    : matched(choice, listed, look, search.signal, search.cells !== undefined);
}

/** The cells that the person names; null where they are left to us. */
export async function listedCells(choice: StudyChoice, cells?: readonly string[]): Promise<CellTable | null> {
  if (cells !== undefined) return { ids: cells, columns: new Map() };
  if (choice.chromatin?.barcodes !== undefined) return readBarcodes(choice.chromatin.barcodes);
  return choice.labelsFile === undefined ? null : readLabelsFile(choice.labelsFile);
}

async function matched(
  choice: StudyChoice,
  listed: CellTable,
  look: FragmentLook,
  signal: CancelSignal | undefined,
  named: boolean,
): Promise<FragmentCells> {
  const { table, sample } = named ? { table: listed, sample: null } : cellsOfSample(listed, choice.path);
  const { style, found } = await matchBarcodesOf(choice.path, table.ids, look, signal);
  const notes: PreparationNote[] = [];
  if (sample !== null) {
    const text = `Of the ${countText(listed.ids.length)} listed cells the ${countText(table.ids.length)} of ${sample} were taken, after which ${basename(choice.path)} or its folder is named.`;
    notes.push({ step: 'cells', text, severity: 'info' });
  }
  if (style !== 'exact') {
    const how = style === 'ending' ? 'without their ending (-1)' : 'by their bases alone';
    const text = `Barcodes of the list were found in ${basename(choice.path)} ${how}: ${countText(found)} of ${countText(table.ids.length)}.`;
    notes.push({ step: 'cells', text, severity: 'info' });
  }
  return { table, rows: () => new ListedCells(table.ids, style), called: null, notes };
}

/** By the beginning of the file, and by all of it where the beginning shows none of the list. */
async function matchBarcodesOf(
  path: string,
  ids: readonly string[],
  look: FragmentLook,
  signal: CancelSignal | undefined,
): Promise<ReturnType<typeof matchBarcodes>> {
  try {
    return matchBarcodes(ids, look.barcodes);
  } catch (error) {
    if (look.complete || !(error instanceof AppError) || error.code !== 'chromatin.barcodes-match-nothing') throw error;
    return matchBarcodes(ids, (await lookAtFragments(path, { signal, most: Infinity })).barcodes);
  }
}

async function calledCells(choice: StudyChoice, { signal, progress }: CellSearch): Promise<FragmentCells> {
  const every = new EveryBarcode();
  const counter = new CellQualityCounter({});
  for await (const block of new FragmentReading(choice.path, { signal, progress })) counter.add(block, every);
  const { fragments } = counter.result(every.rows);
  const minimum = choice.chromatin?.minimumFragments;
  const file = basename(choice.path);
  const called = callCells(fragments, { file, ...(minimum === undefined ? {} : { minimum }) });
  const ids = Array.from(called.cells, (barcode) => every.ids[barcode]!);
  const text = `${countText(ids.length)} of ${countText(every.rows)} barcodes of ${file} were taken for cells. ${called.reason}`;
  return {
    table: { ids, columns: new Map() },
    rows: () => new ListedCells(ids),
    called,
    notes: [{ step: 'cells', text, severity: 'info' }],
  };
}
