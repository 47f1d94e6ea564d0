import { AppError } from '#core/base/app-error';
import { columnTexts } from '#core/data/column';
import type { Column } from '#core/data/column';
import type { CompoundMember } from '../hdf5/element-type.ts';
import type { Hdf5Dataset } from '../hdf5/hdf5-dataset.ts';
import type { Hdf5File } from '../hdf5/hdf5-file.ts';
import type { SkippedParts } from '../hdf5/hdf5-study-file.ts';
import { categorical, readColumn, readValues } from './read-column.ts';

/** A table of an AnnData file (obs, var) in memory. */
export interface Frame {
  /** [rows] names as in the file, repeated names included. */
  readonly index: readonly string[];
  readonly columns: ReadonlyMap<string, Column>;
}

/** The number of rows of a table, without reading it. */
export function frameRows(file: Hdf5File, place: string): number {
  if (file.kindOf(place) === 'dataset') return recordsOf(file, place).length;
  const index = indexPlace(file, place);
  const list = ['', '/values', '/codes']
    .map((part) => index + part)
    .find((candidate) => file.kindOf(candidate) === 'dataset');
  return file.dataset(list ?? index, 'the names of the rows').length;
}

/**
 * Reads a table: a group with a dataset or group per column (AnnData 0.7 and later) or a dataset of records (before).
 * Columns that cannot be read are left out and added to `skipped`; names that cannot be read are refused.
 *
 * @param uns where a table of records keeps the names of its categories
 */
export function readFrame(file: Hdf5File, place: string, uns: string, skipped: SkippedParts): Frame {
  return file.kindOf(place) === 'dataset' ? readRecords(file, place, uns, skipped) : readGroup(file, place, skipped);
}

/** Names of the rows of a table that is a group: [rows]. */
export function readFrameIndex(file: Hdf5File, place: string): string[] {
  const names = readColumn(file, indexPlace(file, place), frameRows(file, place));
  return columnTexts(names).map((name) => name ?? '');
}

/** Names of the columns of a table, in the file's order. */
export function frameColumnNames(file: Hdf5File, place: string): string[] {
  if (file.kindOf(place) === 'dataset') {
    const { index, members } = splitRecords(recordsOf(file, place));
    return members.filter((member) => member !== index).map((member) => member.name);
  }
  const index = indexPlace(file, place);
  const names = file.textsAttribute(place, 'column-order') ?? file.names(place);
  return names.filter((name) => name !== '__categories' && `${place}/${name}` !== index);
}

function readGroup(file: Hdf5File, place: string, skipped: SkippedParts): Frame {
  const index = readFrameIndex(file, place);
  const rows = index.length;
  const columns = new Map<string, Column>();
  for (const name of frameColumnNames(file, place)) {
    const column = skipped.attempt(`${place}/${name}`, () => readColumn(file, `${place}/${name}`, rows));
    if (column !== undefined) columns.set(name, column);
  }
  return { index, columns };
}

function readRecords(file: Hdf5File, place: string, uns: string, skipped: SkippedParts): Frame {
  const records = recordsOf(file, place);
  const { index, members } = splitRecords(records);
  const columns = new Map<string, Column>();
  for (const member of members) {
    if (member === index) continue;
    const column = skipped.attempt(`${place}/${member.name}`, () => {
      const categories = `${uns}/${member.name}_categories`;
      return file.has(categories) && member.type.kind === 'integer'
        ? categorical(file, records, categories, false, records.length, member)
        : readValues(records, records.length, member);
    });
    if (column !== undefined) columns.set(member.name, column);
  }
  const names = index === undefined ? null : columnTexts(readValues(records, records.length, index));
  return { index: Array.from({ length: records.length }, (_, row) => names?.[row] ?? String(row)), columns };
}

function recordsOf(file: Hdf5File, place: string): Hdf5Dataset {
  const records = file.dataset(place, 'a table');
  if (records.type.kind === 'compound' && records.shape.length === 1) return records;
  throw new AppError('reading.wrong-type', {
    file: file.name,
    place,
    expected: 'a table',
    found: 'a plain list of values',
  });
}

/** The member that names the rows: `index`, else the first if it is text. */
function splitRecords(records: Hdf5Dataset): { index: CompoundMember | undefined; members: readonly CompoundMember[] } {
  const members = records.type.kind === 'compound' ? records.type.members : [];
  const index =
    members.find((member) => member.name === 'index') ??
    members.find((member, i) => i === 0 && member.type.kind === 'text');
  return { index, members };
}

function indexPlace(file: Hdf5File, place: string): string {
  if (file.kindOf(place) === 'missing') {
    throw new AppError('reading.part-missing', {
      file: file.name,
      place,
      needed: 'a table with a row for each cell or feature',
    });
  }
  const name = file.textAttribute(place, '_index') ?? (file.has(`${place}/index`) ? 'index' : '_index');
  return `${place}/${name}`;
}
