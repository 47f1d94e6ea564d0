import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { throwIfCancelled } from '#core/base/cancel';
import { sortRow, type CsrMatrix } from '#core/data/csr-matrix';
import type { CellEmbedding, CellTable, FeatureTable } from '#core/data/study';
import type { MatrixSlot } from '../study-file.ts';
import { rowRange, type ReadOptions, type RowSample, type StreamedStudyFile } from '../text/row-source.ts';
import { featureSlots, type FeatureSlot } from './feature-slots.ts';
import { findMtxParts } from './find-parts.ts';
import { readMtxHeader, visitEntries, type MtxHeader } from './matrix-market.ts';
import { readCellNames, readFeatureNames } from './read-names.ts';
import { sampleEntries } from './sample-entries.ts';

export interface MtxOptions {
  /** For a square matrix, where the sizes do not tell: cells are the rows of the file. */
  readonly transpose?: boolean;
}

/**
 * Opens a matrix-market folder (or the matrix file in one): Cell Ranger 1–3, Cell Ranger ATAC, sample prefixes,
 * gzip or not, features × cells or cells × features, told by the sizes. One slot per feature type.
 *
 * The matrix is read in two passes (count, fill): memory is that of the finished slot, 8 bytes per entry.
 */
export async function openMtx(path: string, options: MtxOptions = {}): Promise<StreamedStudyFile> {
  const parts = await findMtxParts(path);
  const header = await readMtxHeader(parts.matrix);
  const sizes = [header.rows, header.columns];
  const features = await readFeatureNames(parts.features, sizes);
  const cells = await readCellNames(parts.cells, sizes);
  const cellsAreRows = orientation(header, features.table.ids.length, cells.ids.length, options, parts);
  const slots = featureSlots(features, cells.ids.length, header.entries);
  const whole = new Map<string, CsrMatrix>();

  const own = (slot: MatrixSlot): FeatureSlot => {
    const found = slots.find((s) => s.slot.id === slot.id);
    if (found === undefined) throw new Error(`openMtx: no slot ${slot.id} in ${path}`);
    return found;
  };
  const readAll = async (slot: MatrixSlot, reading: ReadOptions = {}): Promise<CsrMatrix> => {
    const known = whole.get(slot.id);
    if (known !== undefined) return known;
    const matrix = await readSlot(parts.matrix, own(slot), cells, cellsAreRows, reading);
    whole.set(slot.id, matrix);
    return matrix;
  };

  return {
    format: 'mtx',
    dialect: dialectOf(header, features.layout, cellsAreRows),
    path,
    slots: slots.map((s) => s.slot),
    skipped: [],
    readCells: (): Promise<CellTable> => Promise.resolve(cells),
    readFeatures: (slot): Promise<FeatureTable> => Promise.resolve(own(slot).table),
    readRows: async (slot, from, to) => rowRange(await readAll(slot), from, to),
    readEmbeddings: () => Promise.resolve(new Map<string, CellEmbedding>()),
    readAll,
    sampleRows: async (slot, count): Promise<RowSample> => {
      const known = whole.get(slot.id);
      if (known !== undefined) return { matrix: rowRange(known, 0, Math.min(count, known.rows)), wholeRows: true };
      return sampleEntries(parts.matrix, own(slot), cellsAreRows, count);
    },
    close: () => whole.clear(),
  };
}

/** [cells, features of the slot] */
async function readSlot(
  path: string,
  { table, columnOf }: FeatureSlot,
  cells: CellTable,
  cellsAreRows: boolean,
  { signal, progress }: ReadOptions,
): Promise<CsrMatrix> {
  const { size } = await stat(path);
  const between = (pass: number) => (bytesRead: number) => {
    progress?.((pass + Math.min(1, bytesRead / size)) / 2);
    return signal?.aborted !== true;
  };

  const indptr = new Float64Array(cells.ids.length + 1);
  const count = (row: number, column: number): boolean => {
    if (columnOf[cellsAreRows ? column : row]! >= 0) indptr[(cellsAreRows ? row : column) + 1]!++;
    return true;
  };
  await visitEntries(path, count, between(0));
  throwIfCancelled(signal);
  for (let cell = 0; cell < cells.ids.length; cell++) indptr[cell + 1]! += indptr[cell]!;

  const next = indptr.slice();
  const indices = new Uint32Array(indptr[cells.ids.length]!);
  const values = new Float32Array(indices.length);
  const fill = (row: number, column: number, value: number): boolean => {
    const target = columnOf[cellsAreRows ? column : row]!;
    if (target >= 0) {
      const at = next[cellsAreRows ? row : column]!++;
      indices[at] = target;
      values[at] = value;
    }
    return true;
  };
  await visitEntries(path, fill, between(1));
  throwIfCancelled(signal);

  for (let cell = 0; cell < cells.ids.length; cell++) {
    sortRow(indices, values, indptr[cell]!, indptr[cell + 1]!);
    for (let p = indptr[cell]! + 1; p < indptr[cell + 1]!; p++) {
      if (indices[p] !== indices[p - 1]) continue;
      const feature = columnOf.indexOf(indices[p]!) + 1;
      throw new AppError('reading.mtx-twice', {
        file: basename(path),
        feature: table.ids[indices[p]!]!,
        cell: cells.ids[cell]!,
        row: cellsAreRows ? cell + 1 : feature,
        column: cellsAreRows ? feature : cell + 1,
      });
    }
  }
  return { rows: cells.ids.length, columns: table.ids.length, indptr, indices, values };
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
