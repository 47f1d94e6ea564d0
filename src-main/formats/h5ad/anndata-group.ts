import { AppError } from '#core/base/app-error';
import type { Modality } from '#core/data/study';
import type { MatrixSlot } from '../study-file.ts';
import { CompressedMatrix } from '../hdf5/compressed-matrix.ts';
import { checkDense, readDense } from '../hdf5/dense-matrix.ts';
import { featureTable, modalityOfFeatureType, onlyValue } from '../hdf5/feature-types.ts';
import type { Hdf5File } from '../hdf5/hdf5-file.ts';
import type { SkippedParts, SlotReader } from '../hdf5/hdf5-study-file.ts';
import { TurnedRows } from '../spill/turned-rows.ts';
import { readColumn } from './read-column.ts';
import { frameColumnNames, frameRows, readFrame } from './read-frame.ts';
import { readEmbeddings } from './read-embeddings.ts';

/** Stored values up to which a matrix is turned over for a look at it: a fraction of a second. */
const quickValues = 4 * 1024 * 1024;

/**
 * The matrices of an AnnData group, `X` first, then `raw/X`, then the layers by name. A broken `X` is refused; a
 * broken `raw` or layer is left out and added to `skipped`.
 *
 * @param root the group's place: '' for an .h5ad file, `mod/rna` for a modality of an .h5mu file
 */
export function anndataReaders(
  file: Hdf5File,
  root: string,
  modalityName: string | null,
  skipped: SkippedParts,
): SlotReader[] {
  const at = (part: string): string => (root === '' ? part : `${root}/${part}`);
  const cells = frameRows(file, at('obs'));
  const features = frameRows(file, at('var'));
  const table = { file, root, uns: at('uns'), obs: at('obs'), cells, skipped, modalityName };
  const readers: SlotReader[] = [];
  if (hasMatrix(file, at('X'))) {
    readers.push(slotReader(table, { id: at('X'), place: at('X'), var: at('var'), features }));
  }
  for (const [place, variables] of [
    ['raw/X', 'raw/var'],
    ['raw.X', 'raw.var'],
  ] as const) {
    if (!hasMatrix(file, at(place))) continue;
    const reader = skipped.attempt(at(place), () =>
      slotReader(table, {
        id: at('raw/X'),
        place: at(place),
        var: at(variables),
        features: frameRows(file, at(variables)),
      }),
    );
    if (reader !== undefined) readers.push(reader);
  }
  for (const name of file.names(at('layers'))) {
    const place = at(`layers/${name}`);
    if (!hasMatrix(file, place)) continue;
    const reader = skipped.attempt(place, () => slotReader(table, { id: place, place, var: at('var'), features }));
    if (reader !== undefined) readers.push(reader);
  }
  return readers;
}

interface Table {
  readonly file: Hdf5File;
  readonly root: string;
  readonly uns: string;
  readonly obs: string;
  readonly cells: number;
  readonly skipped: SkippedParts;
  readonly modalityName: string | null;
}

interface Part {
  readonly id: string;
  readonly place: string;
  readonly var: string;
  readonly features: number;
}

function slotReader(table: Table, part: Part): SlotReader {
  const { file, cells, skipped, uns, root } = table;
  const matrix = openMatrix(file, part.place, cells, part.features);
  const slot: MatrixSlot = {
    id: part.id,
    modalityName: table.modalityName,
    modality: declaredModality(file, part.var, part.features),
    cells,
    features: part.features,
    storage: matrix.storage,
    stored: matrix.stored,
  };
  return {
    slot,
    rows: matrix.rows,
    ...(matrix.turning === undefined ? {} : { turning: matrix.turning }),
    cells: () => {
      const frame = readFrame(file, table.obs, uns, skipped);
      return { ids: frame.index, columns: frame.columns };
    },
    features: () => {
      const frame = readFrame(file, part.var, uns, skipped);
      return featureTable(frame.index, frame.columns);
    },
    embeddings: () => readEmbeddings(file, root === '' ? 'obsm' : `${root}/obsm`, cells, skipped),
  };
}

type OpenMatrix = Pick<MatrixSlot, 'storage' | 'stored'> & Pick<SlotReader, 'rows' | 'turning'>;

function openMatrix(file: Hdf5File, place: string, cells: number, features: number): OpenMatrix {
  if (file.kindOf(place) === 'dataset') {
    const table = file.dataset(place, 'a matrix');
    checkDense(table, cells, features);
    return {
      storage: 'dense',
      stored: null,
      rows: (from, to) => readDense(table, { row: from, rows: to - from, column: 0, columns: features }),
    };
  }
  const storage = sparseStorage(file, place);
  const shape = file.numbersAttribute(place, 'shape') ?? file.numbersAttribute(place, 'h5sparse_shape');
  if (shape !== null && (shape[0] !== cells || shape[1] !== features)) {
    throw new AppError('reading.wrong-shape', {
      file: file.name,
      place,
      expected: `${cells} × ${features} values (cells × features of the tables)`,
      found: `shape ${shape.join(' × ')}`,
    });
  }
  if (storage === 'csr') {
    const matrix = new CompressedMatrix(file, place, cells, features);
    return { storage, stored: matrix.stored, rows: (from, to) => matrix.readLines(from, to) };
  }
  const matrix = new CompressedMatrix(file, place, features, cells);
  const turned = new TurnedRows((options) => matrix.turnedOver(options));
  return {
    storage,
    stored: matrix.stored,
    rows: (from, to) => turned.rows(from, to),
    turning: {
      prepare: (options) => turned.prepare(options),
      sample: (count, budgetMs) => (matrix.stored <= quickValues ? null : matrix.sampleTurned(count, budgetMs)),
      close: () => turned.close(),
    },
  };
}

function sparseStorage(file: Hdf5File, place: string): 'csr' | 'csc' {
  const declared = file.textAttribute(place, 'encoding-type') ?? file.textAttribute(place, 'h5sparse_format');
  if (declared === 'csr_matrix' || declared === 'csr') return 'csr';
  if (declared === 'csc_matrix' || declared === 'csc') return 'csc';
  const found = declared === null ? 'a group that does not say how it is stored' : `the encoding ${declared}`;
  throw new AppError('reading.wrong-type', { file: file.name, place, expected: 'a matrix (csr, csc or dense)', found });
}

function hasMatrix(file: Hdf5File, place: string): boolean {
  return file.has(place) && file.textAttribute(place, 'encoding-type') !== 'null';
}

/** By the column that names the type of each feature, where all have the same; tables too long to look at quickly declare nothing. */
function declaredModality(file: Hdf5File, place: string, features: number): Modality | null {
  if (features > 500_000) return null;
  const name = ['feature_types', 'feature_type'].find((candidate) => frameColumnNames(file, place).includes(candidate));
  if (name === undefined || file.kindOf(place) !== 'group') return null;
  try {
    return modalityOfFeatureType(onlyValue(readColumn(file, `${place}/${name}`, features)));
  } catch (error) {
    // The column is reported as skipped when the table is read; here it only declares nothing.
    if (error instanceof AppError) return null;
    throw error;
  }
}
