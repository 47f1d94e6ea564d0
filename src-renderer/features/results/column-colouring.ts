import type { ThemeName } from '#charts/chart-theme';
import type { ColumnOfStudy } from '#contract/result-data';
import { unknownColour } from '#core/figures/label-colours';
import { palette } from '#core/figures/palette';
import type { StudyColumn } from '../../state/map-state.svelte.ts';
import { byName, byNumber } from './colour-by.ts';
import type { MapCells, MapColouring } from './map-colouring.ts';

/** Up to so many whole numbers are names: clusters and batches are often written as numbers. */
const NAMES_FROM_NUMBERS = 32;
/** The scale ends at these shares of all values, so that a few extremes do not leave the rest pale. */
const [LOW_SHARE, HIGH_SHARE] = [0.01, 0.99];

/**
 * Cells coloured by a column that their studies came with: a column of names by colours of its own, where a name is a label in
 * the colour of that label; a column of numbers by the scale. Cells without a value are grey, and so is a study without the
 * column, or with numbers where the other has names.
 */
export function byColumn(
  cells: MapCells,
  column: StudyColumn,
  { labelColours, theme }: { readonly labelColours: ReadonlyMap<string, string>; readonly theme: ThemeName },
): MapColouring {
  const shown = cells.reference === 0 ? { reference: null, query: column.query } : column;
  const title = `${cells.reference === 0 ? 'Query cells' : 'Reference and query cells'} by ${column.column}`;
  const numbers = numbersOf(shown);
  if (numbers !== null) {
    const { range, whole } = rangeOf(numbers);
    const valueOf = (cell: number): number =>
      (cell < cells.reference ? numbers.reference?.[cell] : numbers.query?.[cell - cells.reference]) ?? Number.NaN;
    const legendTitle = whole ? column.column : `${column.column}, from 1 % to 99 % of the cells`;
    return byNumber(cells, { title, legendTitle, range, format: 'number', valueOf, first: 'missing', theme });
  }
  const reference = named(shown.reference);
  const query = named(shown.query);
  const own = [...new Set([...(query?.categories ?? []), ...(reference?.categories ?? [])])];
  const names = [
    ...own,
    ...['No value', 'Reference, not by this', 'Query, not by this'].map((name) => apart(name, own)),
  ];
  const place = new Map(own.map((name, i) => [name, i]));
  const placesOf = (side: typeof query, without: number): ((code: number) => number) => {
    const places = side?.categories.map((name) => place.get(name)!) ?? [];
    return (cell) => (side === null ? without : (places[side.codes[cell]!] ?? own.length));
  };
  const ofReference = placesOf(reference, own.length + 1);
  const ofQuery = placesOf(query, own.length + 2);
  return byName(cells, names, coloursOf(own, names.length, labelColours), {
    title,
    legendTitle: column.column,
    nameOf: (cell) => (cell < cells.reference ? ofReference(cell) : ofQuery(cell - cells.reference)),
  });
}

/** A name that is none of those taken. */
function apart(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? apart(`${name} (grey)`, taken) : name;
}

/** What a study says of a cell, for a person; null where it has no such column. */
export function columnText(column: ColumnOfStudy | null, cell: number): string | null {
  if (column === null) return null;
  if (column.kind === 'categories') return column.categories[column.codes[cell]!] ?? 'no value';
  const value = column.values[cell]!;
  if (!Number.isFinite(value)) return 'no value';
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}

type Sides = Pick<StudyColumn, 'reference' | 'query'>;

/** The numbers of both studies, where they are to be shown by a scale; else null. */
function numbersOf({ reference, query }: Sides): {
  readonly reference: Float32Array | null;
  readonly query: Float32Array | null;
} | null {
  const sides = [reference, query].filter((side) => side !== null);
  if (!sides.every((side) => side.kind === 'number')) return null;
  const values = (side: ColumnOfStudy | null): Float32Array | null => (side?.kind === 'number' ? side.values : null);
  if (fewWholeNumbers(sides.map((side) => side.values)) !== null) return null;
  return { reference: values(reference), query: values(query) };
}

/** The different values, rising, if they are whole and few. */
function fewWholeNumbers(lists: readonly Float32Array[]): readonly number[] | null {
  const found = new Set<number>();
  for (const values of lists) {
    for (const value of values) {
      if (!Number.isFinite(value) || found.has(value)) continue;
      if (!Number.isInteger(value) || found.size === NAMES_FROM_NUMBERS) return null;
      found.add(value);
    }
  }
  return [...found].sort((a, b) => a - b);
}

interface Named {
  readonly codes: ArrayLike<number>;
  readonly categories: readonly string[];
}

/** A column as names (few whole numbers are names too); null where it is none and cannot be read so. */
export function named(column: ColumnOfStudy | null): Named | null {
  if (column === null || column.kind === 'categories') return column;
  const numbers = fewWholeNumbers([column.values]);
  if (numbers === null) return null;
  const codeOf = new Map(numbers.map((value, code) => [value, code]));
  return { codes: Int16Array.from(column.values, (value) => codeOf.get(value) ?? -1), categories: numbers.map(String) };
}

/** From the value that 1 % of the cells do not reach to the one that 99 % do not exceed; `whole` if that is all there is. */
function rangeOf(sides: { readonly reference: Float32Array | null; readonly query: Float32Array | null }): {
  readonly range: readonly [number, number];
  readonly whole: boolean;
} {
  const [reference, query] = [sides.reference ?? new Float32Array(), sides.query ?? new Float32Array()];
  const values = new Float32Array(reference.length + query.length);
  values.set(reference);
  values.set(query, reference.length);
  const all = values.filter(Number.isFinite).sort();
  if (all.length === 0) return { range: [0, 1], whole: true };
  const at = (share: number): number => all[Math.round(share * (all.length - 1))]!;
  const [least, most] = [all[0]!, all.at(-1)!];
  const [low, high] = [at(LOW_SHARE), at(HIGH_SHARE)];
  if (high > low) return { range: [low, high], whole: low === least && high === most };
  return { range: [least, most > least ? most : least + 1], whole: true };
}

/** Labels in their colours, other names in those that are left, in order; all that follow are grey. */
function coloursOf(own: readonly string[], total: number, labelColours: ReadonlyMap<string, string>): string[] {
  const used = new Set(own.map((name) => labelColours.get(name)));
  const free = palette.filter((colour) => !used.has(colour));
  const rest = free.length === 0 ? palette : free;
  let next = 0;
  const colours = own.map((name) => labelColours.get(name) ?? rest[next++ % rest.length]!);
  return [...colours, ...Array.from({ length: total - own.length }, () => unknownColour)];
}

/** Name → colour: a name that is a label in the colour of that label, others in those that are left. */
export function coloursOfNames(
  names: readonly string[],
  labelColours: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const colours = coloursOf(names, names.length, labelColours);
  return new Map([...labelColours, ...names.map((name, i) => [name, colours[i]!] as const)]);
}
