import type { CellLayout } from '../prepare/layout.ts';
import { cellsText, countText } from './number-text.ts';

/** What a reader must know where a sketch was laid out instead of all cells; null where all were. */
export function sketchNote({ places, sketch }: CellLayout): string | null {
  if (sketch === null) return null;
  const some = countText(sketch.length);
  return `Laid out: ${some} of ${cellsText(places.length / 2)}, chosen so that rare states are among them; each other cell lies at the weighted mean of its nearest of these.`;
}
