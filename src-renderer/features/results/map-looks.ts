import { looks } from '#charts/point-map/map-points';
import type { MapCells, MapColouring } from './map-colouring.ts';

/**
 * How each cell of a map stands out: [cells] of `looks`.
 *
 * Names that are hidden are not drawn at all, and neither are cells without a place. With a selection, its cells stand out and all others fade; without one,
 * cells that are not of the label in focus, or not of the name picked out in the legend, fade.
 */
export function looksOf(
  cells: MapCells,
  { nameOf, names }: Pick<MapColouring, 'nameOf' | 'names'>,
  how: {
    readonly hidden: readonly string[];
    readonly picked: string | null;
    /** [query cells] 1 for selected cells; null without a selection. */
    readonly selected: Uint8Array | null;
    /** [reference + query cells] 1 for cells of the label in focus; null without one. */
    readonly inFocus: Uint8Array | null;
    /** [reference + query cells] 1 for cells that have no place on the map; null where all have one. */
    readonly absent?: Uint8Array | null;
  },
): Uint8Array {
  const count = cells.reference + cells.query;
  const out = new Uint8Array(count);
  const hiddenName = Uint8Array.from(names, (name) => (how.hidden.includes(name) ? 1 : 0));
  const picked = how.picked === null ? -1 : names.indexOf(how.picked);
  for (let cell = 0; cell < count; cell++) {
    if (how.absent?.[cell] === 1) continue;
    if (nameOf !== null && hiddenName[nameOf[cell]!] === 1) continue;
    if (how.selected !== null) {
      out[cell] = cell >= cells.reference && how.selected[cell - cells.reference] === 1 ? looks.chosen : looks.faded;
      continue;
    }
    const apart = (how.inFocus !== null && how.inFocus[cell] === 0) || (picked >= 0 && nameOf![cell] !== picked);
    out[cell] = apart ? looks.faded : looks.plain;
  }
  return out;
}

/** Cells looked at for the place of a name. */
const SAMPLE = 300;

export interface PlacedName {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

/**
 * Where each name stands on the map: at the cell nearest to the medians of some of its cells, so that it lies on them.
 * Hidden and faded cells do not count; names without others have no place.
 */
export function namePlaces(
  cells: MapCells,
  { nameOf, names }: Pick<MapColouring, 'nameOf' | 'names'>,
  look: Uint8Array,
): readonly PlacedName[] {
  if (nameOf === null) return [];
  const counts = new Uint32Array(names.length);
  for (let cell = 0; cell < nameOf.length; cell++) if (look[cell]! >= looks.plain) counts[nameOf[cell]!]!++;
  const every = counts.map((cellsOfName) => Math.max(1, Math.floor(cellsOfName / SAMPLE)));
  const seen = new Uint32Array(names.length);
  const samples = names.map((): number[] => []);
  for (let cell = 0; cell < nameOf.length; cell++) {
    const name = nameOf[cell]!;
    if (look[cell]! >= looks.plain && seen[name]!++ % every[name]! === 0) samples[name]!.push(cell);
  }
  return samples.flatMap((own, name) => {
    if (own.length === 0) return [];
    const along = (axis: 0 | 1): number => {
      const sorted = own.map((cell) => cells.places[2 * cell + axis]!).sort((a, b) => a - b);
      return sorted[sorted.length >> 1]!;
    };
    const [x, y] = [along(0), along(1)];
    const apart = (cell: number): number => Math.hypot(cells.places[2 * cell]! - x, cells.places[2 * cell + 1]! - y);
    const nearest = own.reduce((a, b) => (apart(b) < apart(a) ? b : a));
    const [atX, atY] = [cells.places[2 * nearest]!, cells.places[2 * nearest + 1]!];
    return [{ text: names[name]!, x: atX, y: atY, weight: counts[name]! }];
  });
}
