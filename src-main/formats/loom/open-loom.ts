import { AppError } from '#core/base/app-error';
import { columnTexts } from '#core/data/column';
import type { Column } from '#core/data/column';
import { transpose } from '#core/data/csr-matrix';
import type { CellEmbedding } from '#core/data/study';
import { sampleLines, turnLines } from '../spill/turn-lines.ts';
import { TurnedRows } from '../spill/turned-rows.ts';
import type { PreparedStudyFile } from '../text/row-source.ts';
import { checkDense, readDense } from '../hdf5/dense-matrix.ts';
import { featureTable } from '../hdf5/feature-types.ts';
import type { Hdf5Dataset } from '../hdf5/hdf5-dataset.ts';
import { Hdf5File } from '../hdf5/hdf5-file.ts';
import { kindNames, kindOfFile } from '../hdf5/hdf5-kind.ts';
import { SkippedParts, hdf5StudyFile } from '../hdf5/hdf5-study-file.ts';
import type { SlotReader } from '../hdf5/hdf5-study-file.ts';
import { readTable } from '../h5ad/read-embeddings.ts';
import { readValues } from '../h5ad/read-column.ts';

/** Attributes that name the cells and the features, in the order in which they are looked for. */
const cellNames = ['CellID', 'cell_id', 'cellID', 'obs_names', 'Cell', 'barcode', 'barcodes', 'index'];
const featureIds = ['Accession', 'gene_ids', 'EnsemblID', 'ensembl_id'];
const featureNames = ['Gene', 'gene', 'var_names', 'gene_names', 'GeneName', 'name', 'index'];

/** Values of the cells that are usually read at once. */
const blockValues = 4 * 1024 * 1024;
/** Times that a block on disk may be unpacked while all cells are read in order. */
const mostUnpacking = 8;

/**
 * Opens a loom file. Slots are `matrix` and `layers/…`, dense tables of features × cells that are read in blocks and
 * given as cells × features; one whose blocks on disk are much wider than those read is turned over first. Column attributes of one number or text per cell are columns of the cells, those of
 * several numbers are embeddings. Features are named by `Gene`; where only an accession is known, by that.
 */
export async function openLoom(path: string): Promise<PreparedStudyFile> {
  const file = await Hdf5File.open(path);
  try {
    const kind = kindOfFile(file);
    if (kind !== 'loom') {
      throw new AppError('reading.hdf5-other-kind', {
        file: file.name,
        expected: kindNames.loom,
        found: kindNames[kind],
      });
    }
    const skipped = new SkippedParts();
    const main = file.dataset('matrix', 'the matrix');
    if (main.shape.length !== 2) {
      const found = `shape ${main.shape.join(' × ')}`;
      throw new AppError('reading.wrong-shape', {
        file: file.name,
        place: 'matrix',
        expected: 'rows and columns',
        found,
      });
    }
    const size = { features: main.shape[0]!, cells: main.shape[1]! };
    const readers = [slotReader(file, 'matrix', size, skipped)];
    for (const name of file.names('layers')) {
      const reader = skipped.attempt(`layers/${name}`, () => slotReader(file, `layers/${name}`, size, skipped));
      if (reader !== undefined) readers.push(reader);
    }
    return hdf5StudyFile({ file, format: 'loom', dialect: dialectOf(file), readers, skipped });
  } catch (error) {
    file.close();
    throw error;
  }
}

interface Size {
  readonly features: number;
  readonly cells: number;
}

function slotReader(file: Hdf5File, place: string, { features, cells }: Size, skipped: SkippedParts): SlotReader {
  const table = file.dataset(place, 'a matrix');
  checkDense(table, features, cells);
  return {
    slot: { id: place, modalityName: null, modality: null, cells, features, storage: 'dense', stored: null },
    ...rowsOf(table, { features, cells }),
    cells: () => {
      const { columns, names } = readAttributes(file, 'col_attrs', cells, cellNames, skipped);
      return { ids: names ?? numbered(cells), columns };
    },
    features: () => {
      const { columns, names } = readAttributes(file, 'row_attrs', features, [...featureNames, ...featureIds], skipped);
      return featureTable(names ?? numbered(features), columns);
    },
    embeddings: () => {
      const embeddings = new Map<string, CellEmbedding>();
      for (const name of file.names('col_attrs')) {
        const attribute = `col_attrs/${name}`;
        if (file.kindOf(attribute) !== 'dataset' || file.dataset(attribute, 'an attribute').shape.length !== 2)
          continue;
        const embedding = skipped.attempt(attribute, () => readTable(file, attribute, cells));
        if (embedding !== undefined) embeddings.set(name, embedding);
      }
      return embeddings;
    },
  };
}

function rowsOf(table: Hdf5Dataset, { features, cells }: Size): Pick<SlotReader, 'rows' | 'turning'> {
  // A block of cells unpacks every block on disk that it touches, and the next block of cells unpacks it again.
  const again = (table.chunks?.[1] ?? 1) / Math.max(1, Math.min(cells, blockValues / Math.max(1, features)));
  if (again < mostUnpacking) {
    return {
      rows: (from, to) => transpose(readDense(table, { row: 0, rows: features, column: from, columns: to - from })),
    };
  }
  const lines = {
    lines: features,
    across: cells,
    values: features * cells,
    read: (from: number, to: number) => readDense(table, { row: from, rows: to - from, column: 0, columns: cells }),
  };
  const turned = new TurnedRows((options) => turnLines(lines, options));
  return {
    rows: (from, to) => turned.rows(from, to),
    turning: {
      prepare: (options) => turned.prepare(options),
      sample: (count, budgetMs) => (lines.values <= blockValues ? null : sampleLines(lines, count, budgetMs)),
      close: () => turned.close(),
    },
  };
}

/** The attributes of one value per row, without the one that names the rows; `names` is null where none does. */
function readAttributes(
  file: Hdf5File,
  group: string,
  rows: number,
  candidates: readonly string[],
  skipped: SkippedParts,
): { columns: Map<string, Column>; names: string[] | null } {
  const columns = new Map<string, Column>();
  for (const name of file.names(group)) {
    const place = `${group}/${name}`;
    const column = skipped.attempt(place, () => {
      const values = file.dataset(place, 'one value per row');
      return group === 'col_attrs' && values.shape.length === 2 ? null : readValues(values, rows);
    });
    if (column !== undefined && column !== null) columns.set(name, column);
  }
  const key = candidates.find((name) => columns.has(name));
  if (key === undefined) return { columns, names: null };
  const names = columnTexts(columns.get(key)!).map((text) => text ?? '');
  columns.delete(key);
  return { columns, names };
}

function numbered(rows: number): string[] {
  return Array.from({ length: rows }, (_, row) => String(row));
}

function dialectOf(file: Hdf5File): string {
  const declared = file.textAttribute('', 'LOOM_SPEC_VERSION');
  if (declared !== null) return `loom ${declared}`;
  if (file.kindOf('attrs/LOOM_SPEC_VERSION') !== 'dataset') return 'loom';
  const version = file.dataset('attrs/LOOM_SPEC_VERSION', 'the version of the format');
  return version.type.kind === 'text' ? `loom ${version.readTexts()[0] ?? ''}`.trim() : 'loom';
}
