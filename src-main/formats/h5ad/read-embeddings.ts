import { AppError } from '#core/base/app-error';
import type { CellEmbedding } from '#core/data/study';
import { describeType, isNumeric } from '../hdf5/element-type.ts';
import type { Hdf5Dataset } from '../hdf5/hdf5-dataset.ts';
import type { Hdf5File } from '../hdf5/hdf5-file.ts';
import type { SkippedParts } from '../hdf5/hdf5-study-file.ts';

/** Values of one embedding that are taken into memory at most. */
const mostValues = 2 ** 29;

/**
 * The dense tables of numbers per cell in an obsm group, or in a dataset of records with a list per cell (before
 * AnnData 0.7). Others (sparse, tables with columns, values that are not finite) are left out and added to `skipped`.
 */
export function readEmbeddings(
  file: Hdf5File,
  place: string,
  cells: number,
  skipped: SkippedParts,
): ReadonlyMap<string, CellEmbedding> {
  const embeddings = new Map<string, CellEmbedding>();
  const keep = (name: string, read: () => CellEmbedding): void => {
    const embedding = skipped.attempt(`${place}/${name}`, read);
    if (embedding !== undefined) embeddings.set(name, embedding);
  };
  if (file.kindOf(place) === 'dataset') {
    const records = file.dataset(place, 'embeddings');
    const members = records.type.kind === 'compound' ? records.type.members : [];
    for (const member of members) {
      keep(member.name, () => {
        const width = member.type.kind === 'array' && member.type.shape.length === 1 ? member.type.shape[0]! : 1;
        checkSize(records, [records.length, width], cells);
        return finite(records, member.name, width, records.readFloats(undefined, undefined, member));
      });
    }
    return embeddings;
  }
  for (const name of file.names(place)) keep(name, () => readTable(file, `${place}/${name}`, cells));
  return embeddings;
}

/** One table of numbers per cell: [cells, width]. Refused where it is not dense, not numbers, not finite or of another length. */
export function readTable(file: Hdf5File, place: string, cells: number): CellEmbedding {
  const table = file.dataset(place, 'a dense table of numbers per cell');
  if (!isNumeric(table.type)) {
    const found = describeType(table.type);
    throw new AppError('reading.wrong-type', { file: file.name, place, expected: 'numbers', found });
  }
  checkSize(table, table.shape, cells);
  return finite(table, '', table.shape[1]!, table.readFloats());
}

function checkSize(table: Hdf5Dataset, shape: readonly number[], cells: number): void {
  if (shape.length === 2 && shape[0] === cells && shape[1]! >= 1 && cells * shape[1]! <= mostValues) return;
  throw new AppError('reading.wrong-shape', {
    file: table.file.name,
    place: table.place,
    expected: `${cells} rows with one or more numbers each`,
    found: `shape ${shape.join(' × ')}`,
  });
}

function finite(table: Hdf5Dataset, member: string, width: number, values: Float32Array): CellEmbedding {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad === -1) return { width, values };
  throw new AppError('reading.value-not-finite', {
    file: table.file.name,
    place: member === '' ? table.place : `${table.place}/${member}`,
    row: Math.floor(bad / width),
    column: bad % width,
    value: String(values[bad]),
  });
}
