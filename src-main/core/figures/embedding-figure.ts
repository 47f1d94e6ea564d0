import { UNKNOWN } from '../data/label-transfer.ts';
import { numberText } from './number-text.ts';
import type { Axis, LegendEntry, ScatterFigure } from './figure-data.ts';
import { samplePoints } from './sample-points.ts';

/**
 * Places of cells in the plane: `values` is [cells, 2] row by row, `name` what made them, e.g. "UMAP", `note` what a reader
 * must know of how they were made.
 */
export interface PlaneLayout {
  readonly name: string;
  readonly values: Float32Array;
  readonly note?: string | null;
}

interface Common {
  readonly id: string;
  readonly title: string;
  readonly layout: PlaneLayout;
  /** Rows of the layout to show. */
  readonly cells: readonly number[];
  readonly seed: number;
  readonly footnotes?: readonly string[];
}

/** Cells coloured by a name each. Entries without cells are left out; the rest keep their order. */
export function labelScatter(
  options: Common & {
    readonly colourTitle: string;
    /** Name of a shown cell, by its row in the layout. */
    readonly nameOf: (cell: number) => string;
    /** Name → colour, in legend order. */
    readonly colours: ReadonlyMap<string, string>;
    readonly numbered: boolean;
  },
): ScatterFigure {
  const counts = new Map<string, number>();
  for (const cell of options.cells) {
    const name = options.nameOf(cell);
    if (!options.colours.has(name)) throw new RangeError(`labelScatter: no colour for "${name}"`);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const entries: LegendEntry[] = [...options.colours]
    .filter(([name]) => counts.has(name))
    .map(([name, colour]) => ({ name, colour, cells: counts.get(name)! }));
  const place = new Map(entries.map(({ name }, i) => [name, i]));
  const { drawn, ...head } = scatterHead(options);
  const codes = drawn.map((cell) => place.get(options.nameOf(cell))!);
  // Numbers follow the list of colours, so that a label has the same number in all figures of a run.
  const names = [...options.colours.keys()];
  const numbers = entries.map(({ name }) => (options.numbered && name !== UNKNOWN ? names.indexOf(name) + 1 : null));
  const middles = entries.map((_, entry) => middle(head.points, codes, entry));
  return {
    ...head,
    colouring: { kind: 'categories', title: options.colourTitle, entries, codes, numbers, middles },
  };
}

/** Cells coloured by a number each. */
export function numberScatter(
  options: Common & {
    readonly colourTitle: string;
    readonly valueOf: (cell: number) => number;
    readonly range: readonly [number, number];
    readonly format: 'number' | 'fraction';
  },
): ScatterFigure {
  const { drawn, ...head } = scatterHead(options);
  return {
    ...head,
    colouring: {
      kind: 'number',
      title: options.colourTitle,
      format: options.format,
      range: options.range,
      values: drawn.map((cell) => rounded(options.valueOf(cell), 4)),
    },
  };
}

function scatterHead({ id, title, layout, cells, seed, footnotes = [] }: Common) {
  const { drawn, footnotes: left } = samplePoints(cells, seed);
  const at = (axis: 0 | 1) => drawn.map((cell) => rounded(layout.values[2 * cell + axis]!, 3));
  return {
    kind: 'scatter' as const,
    id,
    title,
    footnotes: [...footnotes, ...left, ...(layout.note == null ? [] : [layout.note])],
    x: layoutAxis(layout, 1),
    y: layoutAxis(layout, 2),
    points: { x: at(0), y: at(1) },
    extent: { x: extent(layout.values, 0), y: extent(layout.values, 1) },
    drawn,
  };
}

/** Places on the axes of a layout mean nothing by themselves, so no numbers are written along them. */
function layoutAxis(layout: PlaneLayout, number: 1 | 2): Axis {
  return { title: `${layout.name} ${number}`, unit: null, format: 'none' };
}

function extent(values: Float32Array, axis: 0 | 1): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = axis; i < values.length; i += 2) {
    if (!Number.isFinite(values[i]!)) throw new RangeError(`layout: place ${numberText(values[i]!)} of a cell`);
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return low > high ? [0, 1] : [rounded(low, 3), rounded(high, 3)];
}

/** The point of an entry nearest to the medians of its points: unlike a mean it lies on the cells. */
function middle(
  { x, y }: { readonly x: readonly number[]; readonly y: readonly number[] },
  codes: readonly number[],
  entry: number,
): readonly [number, number] | null {
  const own = codes.flatMap((code, point) => (code === entry ? [point] : []));
  if (own.length === 0) return null;
  const median = (values: readonly number[]): number => {
    const sorted = own.map((point) => values[point]!).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)]!;
  };
  const mx = median(x);
  const my = median(y);
  const apart = (point: number): number => Math.hypot(x[point]! - mx, y[point]! - my);
  const nearest = own.reduce((a, b) => (apart(b) < apart(a) ? b : a));
  return [x[nearest]!, y[nearest]!];
}

/** Fewer digits than a pixel needs would only make files longer. */
function rounded(value: number, decimals: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals + 0; // + 0 turns −0 into 0, which JSON keeps
}
