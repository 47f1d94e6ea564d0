import type { Column } from '#core/data/column';
import type { Dataset, Group } from 'h5wasm/node';
import { writeNumbers, writeTextAttribute, writeTexts } from '../hdf5/write-values.ts';

/** `0.2.0`: every element tagged, categories in a group (AnnData 0.8 and later). `0.1.0`: codes that point to `__categories` (AnnData 0.7). */
export type FrameVersion = '0.1.0' | '0.2.0';

/** Marks an element with its AnnData encoding. */
export function tag(element: Pick<Group, 'create_attribute'>, type: string, version: string): void {
  writeTextAttribute(element, 'encoding-type', type);
  writeTextAttribute(element, 'encoding-version', version);
}

/** Creates an empty group of named elements. */
export function writeDict(parent: Group, name: string): Group {
  const group = parent.create_group(name);
  tag(group, 'dict', '0.1.0');
  return group;
}

/** The group of named elements at a name, created where there is none. */
export function writeDictIfMissing(parent: Group, name: string, version: FrameVersion): Group {
  const present = parent.get(name) as Group | null;
  if (present !== null) return present;
  return version === '0.2.0' ? writeDict(parent, name) : parent.create_group(name);
}

/** Writes a table with its names and columns in the encoding of AnnData 0.8 and later. Names of columns must be free of "/". */
export function writeFrame(
  parent: Group,
  name: string,
  index: readonly string[],
  columns: ReadonlyMap<string, Column>,
): void {
  const frame = parent.create_group(name);
  tag(frame, 'dataframe', '0.2.0');
  writeTextAttribute(frame, '_index', '_index');
  writeTexts(frame, '_index', index);
  tag(frame.get('_index') as Dataset, 'string-array', '0.2.0');
  for (const [column, values] of columns) writeColumn(frame, column, values, '0.2.0');
  writeColumnOrder(frame, [...columns.keys()]);
}

/** Replaces the list of columns of a table. */
export function writeColumnOrder(frame: Group, names: readonly string[]): void {
  if ('column-order' in frame.attrs) frame.delete_attribute('column-order');
  // The library cannot write an empty list of texts; anndata itself writes an empty list of numbers.
  if (names.length === 0) frame.create_attribute('column-order', new Float64Array(0), [0], '<d');
  else frame.create_attribute('column-order', [...names], [names.length], 'S');
}

/**
 * Adds a column to a table. Texts with missing values and true/false values are written as categories, because the
 * library has no way to write the masks and true/false elements that other forms need; equal categories become one.
 */
export function writeColumn(frame: Group, name: string, column: Column, version: FrameVersion): void {
  const modern = version === '0.2.0';
  if (column.kind === 'number') {
    writeNumbers(frame, name, column.values);
    if (modern) tag(frame.get(name) as Dataset, 'array', '0.2.0');
    return;
  }
  if (column.kind === 'text' && column.values.every((value) => value !== null)) {
    writeTexts(frame, name, column.values);
    if (modern) tag(frame.get(name) as Dataset, 'string-array', '0.2.0');
    return;
  }
  const { codes, categories, ordered } = asCategories(column);
  if (modern) {
    const group = frame.create_group(name);
    tag(group, 'categorical', '0.2.0');
    group.create_attribute('ordered', ordered ? 1 : 0, [], '<b');
    writeNumbers(group, 'codes', codes);
    tag(group.get('codes') as Dataset, 'array', '0.2.0');
    writeTexts(group, 'categories', categories);
    tag(group.get('categories') as Dataset, 'string-array', '0.2.0');
    return;
  }
  const lists = (frame.get('__categories') as Group | null) ?? frame.create_group('__categories');
  writeTexts(lists, name, categories);
  const list = lists.get(name) as Dataset;
  list.create_attribute('ordered', ordered ? 1 : 0, [], '<b');
  writeNumbers(frame, name, codes);
  (frame.get(name) as Dataset).create_attribute('categories', list.create_reference(), [], 'Reference');
}

interface Categories {
  readonly codes: Int8Array | Int16Array | Int32Array;
  readonly categories: readonly string[];
  readonly ordered: boolean;
}

function asCategories(column: Exclude<Column, { kind: 'number' }>): Categories {
  if (column.kind === 'boolean') {
    return {
      codes: Int8Array.from(column.values, (value) => (value === 2 ? -1 : value)),
      categories: ['False', 'True'],
      ordered: false,
    };
  }
  const numberOf = new Map<string, number>();
  const numberFor = (name: string): number => {
    const known = numberOf.get(name);
    if (known !== undefined) return known;
    numberOf.set(name, numberOf.size);
    return numberOf.size - 1;
  };
  const codes =
    column.kind === 'text'
      ? Int32Array.from(column.values, (value) => (value === null ? -1 : numberFor(value)))
      : renumbered(column.codes, column.categories.map(numberFor));
  const categories = [...numberOf.keys()];
  const Codes = categories.length < 128 ? Int8Array : categories.length < 32768 ? Int16Array : Int32Array;
  return { codes: Codes.from(codes), categories, ordered: column.kind === 'categories' && column.ordered };
}

function renumbered(codes: Int32Array, to: readonly number[]): Int32Array {
  return codes.map((code) => (code < 0 ? -1 : to[code]!));
}
