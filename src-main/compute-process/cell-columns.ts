import { type Column, textAt } from '#core/data/column';
import type { CellTable } from '#core/data/study';
import type { StreamedArray } from '#store/stored-array';

export type StudySide = 'reference' | 'query';

/** What a run keeps of the studies' own columns of cells; their values lie in the arrays of `cellColumnNames`. */
export interface CellColumnsNote extends Readonly<Record<StudySide, StudyColumns>> {
  /** Why the run has them no longer; absent as long as it has. */
  readonly missing?: string;
}

export interface StudyColumns {
  /** In the order of the file. */
  readonly kept: readonly KeptColumn[];
  readonly leftOut: readonly { readonly name: string; readonly why: WhyLeftOut }[];
}

/** `row` is its place among the columns of its kind; names are in the order of the file where it gives them one, else sorted. */
export type KeptColumn =
  | { readonly name: string; readonly kind: 'number'; readonly row: number }
  | {
      readonly name: string;
      readonly kind: 'categories';
      readonly row: number;
      readonly categories: readonly string[];
    };

/** No cell has a value; most cells have one of their own, as barcodes; too many names; no room for more columns. */
export type WhyLeftOut = 'empty' | 'mostly-unique' | 'too-many-names' | 'no-room';

/** What is kept at most of a study: names of a column, columns, and bytes of all of them (64 numbers in a million cells). */
const limits = { names: 1000, columns: 200, bytes: 256 << 20 };
/** A column of names is of use where names are shared: by two cells each, on average. Few names are always kept. */
const FEW_NAMES = 20;

/**
 * Numbers: float32 [columns, cells], NaN for none; names: int16 [columns, cells], −1 for none. A column is one part of its array.
 */
export function cellColumnNames(side: StudySide): Readonly<Record<KeptColumn['kind'], string>> {
  return { number: `cell-columns/${side}/numbers`, categories: `cell-columns/${side}/names` };
}

export function isCellColumnArray(name: string): boolean {
  return name.startsWith('cell-columns/');
}

/**
 * The columns of both studies that a map can be coloured by, in the order of the cells of a run. Kept are 4 bytes per cell for a
 * number and 2 for a name. Columns without a value, with a name of its own for most cells, or beyond the limits are left out,
 * and said by name.
 *
 * @param cells ids of the cells of each side, in the order of its study, which may have more
 * @returns arrays by name; their values are made as they are written
 */
export function cellColumns(
  studies: Readonly<Record<StudySide, CellTable>>,
  cells: Readonly<Record<StudySide, readonly string[]>>,
  most = limits,
): { readonly note: CellColumnsNote; readonly arrays: Readonly<Record<string, StreamedArray>> } {
  const sides = (['reference', 'query'] as const).map((side) => {
    const rows = rowsOf(studies[side], cells[side]);
    const columns = chosenColumns(studies[side], rows, most);
    return { side, columns, arrays: arraysOf(side, studies[side], rows, columns.kept) };
  });
  const [reference, query] = [sides[0]!, sides[1]!];
  return {
    note: { reference: reference.columns, query: query.columns },
    arrays: { ...reference.arrays, ...query.arrays },
  };
}

/** The row of each wanted cell in its study. */
function rowsOf({ ids }: CellTable, wanted: readonly string[]): Uint32Array {
  const rows = new Uint32Array(wanted.length);
  let row = 0;
  wanted.forEach((id, cell) => {
    while (row < ids.length && ids[row] !== id) row++;
    if (row === ids.length)
      throw new RangeError(`cellColumns: "${id}" is not among the cells that follow in its study`);
    rows[cell] = row++;
  });
  return rows;
}

function chosenColumns({ columns }: CellTable, rows: Uint32Array, most: typeof limits): StudyColumns {
  const kept: KeptColumn[] = [];
  const leftOut: { name: string; why: WhyLeftOut }[] = [];
  const rowsUsed = { number: 0, categories: 0 };
  let bytes = 0;
  for (const [name, column] of columns) {
    const found = lookAt(column, rows, most.names);
    const kind = found === 'number' ? 'number' : 'categories';
    const size = rows.length * (kind === 'number' ? 4 : 2);
    if (typeof found === 'string' && found !== 'number') leftOut.push({ name, why: found });
    else if (kept.length === most.columns || bytes + size > most.bytes) leftOut.push({ name, why: 'no-room' });
    else {
      bytes += size;
      const row = rowsUsed[kind]++;
      kept.push(found === 'number' ? { name, kind: found, row } : { name, kind: 'categories', row, categories: found });
    }
  }
  return { kept, leftOut };
}

/** The names of a column, `number` for one of numbers, or why it is not kept. */
function lookAt(column: Column, rows: Uint32Array, mostNames: number): 'number' | WhyLeftOut | readonly string[] {
  if (column.kind === 'number') return rows.some((row) => Number.isFinite(column.values[row]!)) ? 'number' : 'empty';
  const used = usedNames(column, rows);
  if (used.size === 0) return 'empty';
  if (used.size > FEW_NAMES && used.size > rows.length / 2) return 'mostly-unique';
  if (used.size > mostNames) return 'too-many-names';
  if (column.kind === 'categories' && column.ordered)
    return [...new Set(column.categories)].filter((name) => used.has(name));
  return [...used].sort((a, b) => naturally.compare(a, b) || (a < b ? -1 : 1));
}

/** The names that any of the rows has; an empty one is none. */
function usedNames(column: Column, rows: Uint32Array): ReadonlySet<string> {
  const used = new Set<string>();
  if (column.kind === 'categories') {
    const seen = new Uint8Array(column.categories.length);
    for (const row of rows) if (column.codes[row]! >= 0) seen[column.codes[row]!] = 1;
    column.categories.forEach((name, code) => {
      if (seen[code] === 1) used.add(name);
    });
  } else {
    for (const row of rows) {
      const text = textAt(column, row);
      if (text !== null) used.add(text);
    }
  }
  used.delete('');
  return used;
}

/** Clusters "2" before "10". */
const naturally = new Intl.Collator('en', { numeric: true });

function arraysOf(
  side: StudySide,
  { columns }: CellTable,
  rows: Uint32Array,
  kept: readonly KeptColumn[],
): Record<string, StreamedArray> {
  const names = cellColumnNames(side);
  const arrays: Record<string, StreamedArray> = {};
  for (const [kind, dtype] of [['number', 'float32'] as const, ['categories', 'int16'] as const]) {
    const own = kept.filter((column) => column.kind === kind);
    if (own.length === 0) continue;
    const pieces = function* (): Generator<Float32Array | Int16Array> {
      for (const one of own) yield valuesOf(columns.get(one.name)!, rows, one);
    };
    arrays[names[kind]] = { dtype, shape: [own.length, rows.length], pieces };
  }
  return arrays;
}

function valuesOf(column: Column, rows: Uint32Array, kept: KeptColumn): Float32Array | Int16Array {
  if (kept.kind === 'number') {
    if (column.kind !== 'number') throw new TypeError(`cellColumns: "${kept.name}" is no column of numbers`);
    const values = new Float32Array(rows.length);
    for (let cell = 0; cell < rows.length; cell++) values[cell] = column.values[rows[cell]!]!;
    return values;
  }
  const codeOf = new Map(kept.categories.map((name, code) => [name, code]));
  const codes = new Int16Array(rows.length).fill(-1);
  if (column.kind === 'categories') {
    const newCode = Int16Array.from(column.categories, (name) => codeOf.get(name) ?? -1);
    for (let cell = 0; cell < rows.length; cell++) codes[cell] = newCode[column.codes[rows[cell]!]!] ?? -1;
  } else {
    for (let cell = 0; cell < rows.length; cell++) codes[cell] = codeOf.get(textAt(column, rows[cell]!) ?? '') ?? -1;
  }
  return codes;
}
