import { type ThemeName, themes } from '#charts/chart-theme';
import { colourAt } from '#charts/colour-scale';
import type { MapCells, MapColouring } from './map-colouring.ts';

/** Colours of a scale; where cells may have no value, the first is theirs. */
const STEPS = 256;

/** Cells coloured by a name each. Names may share a colour. */
export function byName(
  cells: MapCells,
  names: readonly string[],
  colours: readonly string[],
  how: { readonly title: string; readonly legendTitle: string; readonly nameOf: (cell: number) => number },
): MapColouring {
  const count = cells.reference + cells.query;
  const palette = [...new Set(colours)];
  const colourOf = colours.map((colour) => palette.indexOf(colour));
  const nameOf = new Uint16Array(count);
  const inColour = new Uint8Array(count);
  const counts = new Uint32Array(names.length);
  for (let cell = 0; cell < count; cell++) {
    const name = how.nameOf(cell);
    nameOf[cell] = name;
    inColour[cell] = colourOf[name]!;
    counts[name]!++;
  }
  return {
    title: how.title,
    legendTitle: how.legendTitle,
    colours: inColour,
    palette,
    rows: names.flatMap((name, i) => (counts[i]! > 0 ? [{ name, colour: colours[i]!, cells: counts[i]! }] : [])),
    nameOf,
    names,
    range: null,
    format: 'number',
    valueOf: null,
    absent: 0,
  };
}

/**
 * Cells coloured by a number each. Values beyond the ends of the range take the colours of its ends.
 *
 * @param how `valueOf` gives NaN for a cell without a value. `first` is whom the first colour, grey, is for: nobody, cells whose
 *   value is 0 or none, or cells without a value only
 */
export function byNumber(
  cells: MapCells,
  how: Pick<MapColouring, 'title' | 'legendTitle' | 'format'> & {
    readonly range: readonly [number, number];
    readonly valueOf: (cell: number) => number;
    readonly first: 'value' | 'zero' | 'missing';
    readonly theme: ThemeName;
  },
): MapColouring {
  const { valueOf, first, theme, range, ...words } = how;
  const [low, high] = range;
  const lowest = first === 'missing' ? 1 : 0;
  const factor = high > low ? (STEPS - 1 - lowest) / (high - low) : 0;
  const colours = new Uint8Array(cells.reference + cells.query);
  let absent = 0;
  for (let cell = 0; cell < colours.length; cell++) {
    const value = valueOf(cell);
    if (!Number.isFinite(value)) {
      absent++;
      continue;
    }
    const step = lowest + Math.round((value - low) * factor);
    // the smallest value above zero is seen apart from zero
    const least = value > 0 && low >= 0 ? 1 : lowest;
    colours[cell] = Math.min(STEPS - 1, Math.max(least, step));
  }
  const { points, absent: grey } = themes[theme];
  const scale = Array.from({ length: STEPS }, (_, step) => colourAt(points, [0, STEPS - 1], step));
  const palette = first === 'value' ? scale : [grey, ...scale.slice(1)];
  return { ...words, range, colours, palette, rows: null, nameOf: null, names: [], valueOf, absent };
}
