import { AppError } from '#core/base/app-error';
import { columnTexts } from '#core/data/column';
import type { Column } from '#core/data/column';
import { takeColumns } from '#core/data/csr-matrix';
import type { CellTable } from '#core/data/study';
import type { StudyFile } from '../study-file.ts';
import { CompressedMatrix } from '../hdf5/compressed-matrix.ts';
import { featureTable, modalityOfFeatureType } from '../hdf5/feature-types.ts';
import { Hdf5File } from '../hdf5/hdf5-file.ts';
import { kindNames, kindOfFile, tenxGroups } from '../hdf5/hdf5-kind.ts';
import { SkippedParts, hdf5StudyFile } from '../hdf5/hdf5-study-file.ts';
import type { SlotReader } from '../hdf5/hdf5-study-file.ts';
import { numberList } from '../hdf5/matrix-place.ts';
import { readValues } from '../h5ad/read-column.ts';

/**
 * Opens a matrix file of Cell Ranger (also Space Ranger, CellBender). Version 3 and later: one slot per feature type,
 * `matrix` if there is one type, else `matrix (Peaks)`, … in the order of first appearance. Versions 1 and 2: one slot
 * per genome, by the genome's name; genomes are not combined, because their lists of cells may differ.
 * Ids of features are as in the file (Ensembl ids, coordinates), names are symbols; a molecule_info file is refused.
 */
export async function openTenxH5(path: string): Promise<StudyFile> {
  const file = await Hdf5File.open(path);
  try {
    const kind = kindOfFile(file);
    if (kind === 'molecule-info') throw new AppError('reading.molecule-info', { file: file.name });
    if (kind !== '10x-h5') {
      const found = { file: file.name, expected: kindNames['10x-h5'], found: kindNames[kind] };
      throw new AppError('reading.hdf5-other-kind', found);
    }
    const skipped = new SkippedParts();
    const groups = tenxGroups(file);
    const modern = groups.filter((group) => file.kindOf(`${group}/features`) === 'group');
    const readers =
      modern.length > 0
        ? modern.flatMap((group) => readersByType(file, group, skipped))
        : groups.map((group) => genomeReader(file, group, skipped));
    const dialect = modern.length > 0 ? 'Cell Ranger 3 or later' : 'Cell Ranger 1 or 2';
    return hdf5StudyFile({ file, format: '10x-h5', dialect, readers, skipped });
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The matrix of a group: lines are cells, places across them all features of the group. */
function matrixOf(file: Hdf5File, group: string): CompressedMatrix {
  const shape = numberList(file, `${group}/shape`, 'the size of the matrix', 2).readNumbers();
  const [features, cells] = [shape[0]!, shape[1]!];
  const barcodes = file.dataset(`${group}/barcodes`, 'the barcodes of the cells').length;
  if (barcodes !== cells) {
    throw new AppError('reading.wrong-shape', {
      file: file.name,
      place: `${group}/barcodes`,
      expected: `${cells} barcodes (the size in ${group}/shape)`,
      found: `${barcodes}`,
    });
  }
  return new CompressedMatrix(file, group, cells, features);
}

function readCells(file: Hdf5File, group: string): CellTable {
  return { ids: file.dataset(`${group}/barcodes`, 'the barcodes of the cells').readTexts(), columns: new Map() };
}

function readersByType(file: Hdf5File, group: string, skipped: SkippedParts): SlotReader[] {
  const matrix = matrixOf(file, group);
  const types = featureTypes(file, group, matrix.across);
  const distinct = [...new Set(types)];
  return distinct.map((type): SlotReader => {
    const which = Int32Array.from(types.flatMap((candidate, feature) => (candidate === type ? [feature] : [])));
    const single = distinct.length === 1;
    return {
      slot: {
        id: single ? group : `${group} (${type})`,
        modalityName: type,
        modality: modalityOfFeatureType(type) ?? 'other',
        cells: matrix.lines,
        features: which.length,
        storage: 'csr',
        stored: single ? matrix.stored : null,
      },
      cells: () => readCells(file, group),
      features: () => featuresOf(file, group, matrix.across, which, skipped),
      rows: (from, to) => {
        const rows = matrix.readLines(from, to);
        return single ? rows : takeColumns(rows, which);
      },
      embeddings: () => new Map(),
    };
  });
}

function featureTypes(file: Hdf5File, group: string, features: number): string[] {
  const place = `${group}/features/feature_type`;
  if (!file.has(place)) return new Array<string>(features).fill('Gene Expression');
  return columnTexts(readValues(file.dataset(place, 'the type of each feature'), features)).map((type) => type ?? '');
}

/** Ids, names and the further columns of the named features; the columns are those that the file lists as tags. */
function featuresOf(file: Hdf5File, group: string, features: number, which: Int32Array, skipped: SkippedParts) {
  const read = (name: string): Column => {
    const column = readValues(file.dataset(`${group}/features/${name}`, 'a list of features'), features);
    return { kind: 'text', values: pick(columnTexts(column), which) };
  };
  const ids = columnTexts(read('id')).map((id) => id ?? '');
  const names = columnTexts(read('name'));
  const columns = new Map<string, Column>();
  for (const name of file.names(`${group}/features`)) {
    const place = `${group}/features/${name}`;
    if (name === 'id' || name === 'name' || name === '_all_tag_keys' || file.kindOf(place) !== 'dataset') continue;
    const column = skipped.attempt(place, () => read(name));
    if (column !== undefined) columns.set(name, column);
  }
  return { ...featureTable(ids, columns), names: ids.map((id, i) => names[i] || id) };
}

function genomeReader(file: Hdf5File, genome: string, skipped: SkippedParts): SlotReader {
  const matrix = matrixOf(file, genome);
  return {
    slot: {
      id: genome,
      modalityName: 'Gene Expression',
      modality: 'rna',
      cells: matrix.lines,
      features: matrix.across,
      storage: 'csr',
      stored: matrix.stored,
    },
    cells: () => readCells(file, genome),
    features: () => {
      const list = (name: string): string[] =>
        columnTexts(readValues(file.dataset(`${genome}/${name}`, 'a list of genes'), matrix.across)).map(
          (text) => text ?? '',
        );
      const ids = list('genes');
      const names = skipped.attempt(`${genome}/gene_names`, () => list('gene_names'));
      const columns = new Map<string, Column>([['genome', { kind: 'text', values: ids.map(() => genome) }]]);
      return { ...featureTable(ids, columns), names: ids.map((id, i) => names?.[i] || id) };
    },
    rows: (from, to) => matrix.readLines(from, to),
    embeddings: () => new Map(),
  };
}

function pick<T>(values: readonly T[], which: Int32Array): T[] {
  return Array.from(which, (i) => values[i]!);
}
