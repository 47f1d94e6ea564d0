import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { CellEmbedding, CellTable, FeatureTable } from '#core/data/study';
import { TurnedRows } from '../spill/turned-rows.ts';
import type { MatrixSlot } from '../study-file.ts';
import type { PreparedStudyFile, RowSample } from '../text/row-source.ts';
import { featureSlots, type FeatureSlot } from './feature-slots.ts';
import { findMtxParts } from './find-parts.ts';
import { readMtxHeader, type MtxHeader } from './matrix-market.ts';
import { readCellNames, readFeatureNames } from './read-names.ts';
import { readSlot } from './read-slot.ts';
import { sampleEntries } from './sample-entries.ts';

export interface MtxFile extends PreparedStudyFile {
  sampleRows(slot: MatrixSlot, cells: number): Promise<RowSample>;
}

export interface MtxOptions {
  /** For a square matrix, where the sizes do not tell: cells are the rows of the file. */
  readonly transpose?: boolean;
}

/**
 * Opens a matrix-market folder (or the matrix file in one): Cell Ranger 1–3, Cell Ranger ATAC, sample prefixes,
 * gzip or not, features × cells or cells × features, told by the sizes. One slot per feature type.
 *
 * Opening reads the names and the header. Entries may lie in any order, so the first rows of a slot read the whole
 * matrix once; what does not fit into memory goes to a temporary file.
 */
export async function openMtx(path: string, options: MtxOptions = {}): Promise<MtxFile> {
  const parts = await findMtxParts(path);
  const header = await readMtxHeader(parts.matrix);
  const sizes = [header.rows, header.columns];
  const features = await readFeatureNames(parts.features, sizes);
  const cells = await readCellNames(parts.cells, sizes);
  const cellsAreRows = orientation(header, features.table.ids.length, cells.ids.length, options, parts);
  const slots = featureSlots(features, cells.ids.length, header.entries);
  const source = { path: parts.matrix, entries: header.entries, cells, cellsAreRows };
  const turned = new Map(
    slots.map((features) => [
      features.slot.id,
      new TurnedRows((reading) => readSlot({ ...source, features }, reading)),
    ]),
  );

  const own = (slot: MatrixSlot): FeatureSlot => {
    const found = slots.find((s) => s.slot.id === slot.id);
    if (found === undefined) throw new Error(`openMtx: no slot ${slot.id} in ${path}`);
    return found;
  };

  return {
    format: 'mtx',
    dialect: dialectOf(header, features.layout, cellsAreRows),
    path,
    slots: slots.map((s) => s.slot),
    skipped: [],
    readCells: (): Promise<CellTable> => Promise.resolve(cells),
    readFeatures: (slot): Promise<FeatureTable> => Promise.resolve(own(slot).table),
    readRows: (slot, from, to) => turned.get(own(slot).slot.id)!.rows(from, to),
    prepareRows: (slot, options = {}) => turned.get(own(slot).slot.id)!.prepare(options),
    sampleRows: (slot, count) => sampleEntries(parts.matrix, own(slot), cellsAreRows, count),
    readEmbeddings: () => Promise.resolve(new Map<string, CellEmbedding>()),
    close: () => turned.forEach((rows) => rows.close()),
  };
}

function orientation(
  { rows, columns }: MtxHeader,
  features: number,
  cells: number,
  { transpose = false }: MtxOptions,
  parts: { matrix: string; features: string; cells: string },
): boolean {
  const upright = rows === features && columns === cells;
  const turned = rows === cells && columns === features;
  if (upright && turned) return transpose;
  if (upright) return false;
  if (turned) return true;
  throw new AppError('reading.mtx-sizes', {
    file: basename(parts.matrix),
    rows,
    columns,
    features,
    cells,
    featuresFile: basename(parts.features),
    cellsFile: basename(parts.cells),
  });
}

function dialectOf(header: MtxHeader, layout: 'genes' | 'features' | 'peaks' | 'names', cellsAreRows: boolean): string {
  const software = header.comments.find((comment) => comment.startsWith('metadata_json'));
  const name = {
    genes: 'Cell Ranger 1–2 folder (genes.tsv)',
    features: software === undefined ? 'features.tsv folder' : 'Cell Ranger 3 folder (features.tsv)',
    peaks: 'Cell Ranger ATAC folder (peaks.bed)',
    names: 'folder with a bare list of features',
  }[layout];
  return cellsAreRows ? `${name}, cells in rows` : name;
}
