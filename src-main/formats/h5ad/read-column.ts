import { AppError } from '#core/base/app-error';
import { columnTexts } from '#core/data/column';
import type { Column } from '#core/data/column';
import { describeType } from '../hdf5/element-type.ts';
import type { CompoundMember } from '../hdf5/element-type.ts';
import type { Hdf5Dataset } from '../hdf5/hdf5-dataset.ts';
import type { Hdf5File } from '../hdf5/hdf5-file.ts';

/**
 * A column of an AnnData table in any of its encodings: array, string-array, categorical (a group of codes and
 * categories, or codes whose `categories` attribute points to them), nullable-integer, -boolean and -string-array.
 *
 * @param rows the number of rows the table has; any other length is refused
 */
export function readColumn(file: Hdf5File, place: string, rows: number): Column {
  if (file.kindOf(place) === 'group') return readColumnGroup(file, place, rows);
  const values = file.dataset(place, 'a column of a table');
  const pointer = file.attribute(place, 'categories');
  if (pointer !== undefined && pointer !== null && typeof pointer === 'object' && 'place' in pointer) {
    return categorical(file, values, pointer.place, isTrue(file.attribute(pointer.place, 'ordered')), rows);
  }
  return readValues(values, rows);
}

/** A column that is a dataset of its own or one member of a dataset of records. */
export function readValues(values: Hdf5Dataset, rows: number, member?: CompoundMember): Column {
  checkLength(values, rows);
  const type = member?.type ?? values.type;
  switch (type.kind) {
    case 'text':
      return { kind: 'text', values: values.readTexts(member) };
    case 'integer':
    case 'float':
      return { kind: 'number', values: values.readNumbers(undefined, undefined, member) };
    case 'boolean':
      return { kind: 'boolean', values: Uint8Array.from(values.readNumbers(undefined, undefined, member)) };
    case 'enum': {
      const categories = [...type.names.values()];
      const codeOf = new Map([...type.names.keys()].map((value, code) => [value, code]));
      const numbers = values.readNumbers(undefined, undefined, member);
      return {
        kind: 'categories',
        codes: Int32Array.from(numbers, (value) => codeOf.get(value) ?? -1),
        categories,
        ordered: false,
      };
    }
    default:
      throw wrongType(values.file, placeOf(values, member), 'numbers, text or categories', describeType(type));
  }
}

/** A column of codes with its list of categories, which may be texts, numbers or true/false. */
export function categorical(
  file: Hdf5File,
  codes: Hdf5Dataset,
  categoriesPlace: string,
  ordered: boolean,
  rows: number,
  member?: CompoundMember,
): Column {
  checkLength(codes, rows);
  const categories = readCategories(file, categoriesPlace);
  const numbers = codes.readNumbers(undefined, undefined, member);
  numbers.forEach((code, row) => {
    if (Number.isInteger(code) && code >= -1 && code < categories.length) return;
    const reason = `row ${row} has category number ${code}, but there are ${categories.length} categories`;
    throw new AppError('reading.part-unreadable', { file: file.name, place: placeOf(codes, member), reason });
  });
  return { kind: 'categories', codes: Int32Array.from(numbers), categories, ordered };
}

function readCategories(file: Hdf5File, place: string): string[] {
  if (file.kindOf(place) === 'group') {
    const values = file.dataset(`${place}/values`, 'the names of categories');
    return columnTexts(readColumnGroup(file, place, values.length)).map((text) => text ?? '');
  }
  const list = file.dataset(place, 'the names of categories');
  return columnTexts(readValues(list, list.length)).map((text) => text ?? 'NaN');
}

function readColumnGroup(file: Hdf5File, place: string, rows: number): Column {
  const names = new Set(file.names(place));
  const encoding = file.textAttribute(place, 'encoding-type');
  if (encoding === 'categorical' || (encoding === null && names.has('codes') && names.has('categories'))) {
    const codes = file.dataset(`${place}/codes`, 'the codes of categories');
    return categorical(file, codes, `${place}/categories`, isTrue(file.attribute(place, 'ordered')), rows);
  }
  if (encoding?.startsWith('nullable-') || (encoding === null && names.has('values') && names.has('mask'))) {
    const values = readValues(file.dataset(`${place}/values`, 'the values of a column'), rows);
    const mask = file.dataset(`${place}/mask`, 'which values are missing');
    checkLength(mask, rows);
    return withMissing(values, mask.readNumbers());
  }
  throw wrongType(file, place, 'a column', encoding === null ? 'a group of other parts' : `the encoding ${encoding}`);
}

/** The column with the rows whose mask is not 0 missing. */
function withMissing(column: Column, mask: Float64Array): Column {
  switch (column.kind) {
    case 'text':
      return { kind: 'text', values: column.values.map((value, row) => (mask[row] === 0 ? value : null)) };
    case 'number':
      return { kind: 'number', values: column.values.map((value, row) => (mask[row] === 0 ? value : NaN)) };
    case 'boolean':
      return { kind: 'boolean', values: column.values.map((value, row) => (mask[row] === 0 ? value : 2)) };
    case 'categories':
      return { ...column, codes: column.codes.map((code, row) => (mask[row] === 0 ? code : -1)) };
  }
}

function checkLength(values: Hdf5Dataset, rows: number): void {
  // A list of categories with one entry was once written as a single value.
  if (values.shape.length === 0 ? rows === 1 : values.shape.length === 1 && values.shape[0] === rows) return;
  throw new AppError('reading.wrong-shape', {
    file: values.file.name,
    place: values.place,
    expected: `${rows} rows`,
    found:
      values.shape.length === 1
        ? `${values.shape[0]} rows`
        : `shape ${values.shape.join(' × ') || 'of a single value'}`,
  });
}

function wrongType(file: Hdf5File, place: string, expected: string, found: string): AppError {
  return new AppError('reading.wrong-type', { file: file.name, place, expected, found });
}

function placeOf(values: Hdf5Dataset, member: CompoundMember | undefined): string {
  return member === undefined ? values.place : `${values.place}/${member.name}`;
}

function isTrue(attribute: unknown): boolean {
  return attribute === 1 || attribute === 'True' || attribute === 'true';
}
