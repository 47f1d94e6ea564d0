import type { MapPlace, MapSize } from './map-camera.ts';

/** Pixels that a letter is wide on average, and a line high, in the letters of names on a map. */
const LETTER = 7.4;
const LINE = 17;
const LONGEST = 190;

/** The names that can be written without covering one another, heaviest first; those outside the box are left out. */
export function namesWithRoom<N extends { readonly text: string; readonly weight: number; readonly at: MapPlace }>(
  names: readonly N[],
  size: MapSize,
): readonly N[] {
  const taken: (readonly [left: number, top: number, right: number, bottom: number])[] = [];
  return names
    .toSorted((a, b) => b.weight - a.weight)
    .filter(({ text, at }) => {
      if (at.x < 0 || at.y < 0 || at.x > size.width || at.y > size.height) return false;
      const half = Math.min(LONGEST, text.length * LETTER) / 2;
      const own = [at.x - half, at.y - LINE / 2, at.x + half, at.y + LINE / 2] as const;
      const meets = taken.some(
        ([left, top, right, bottom]) => own[0] < right && own[2] > left && own[1] < bottom && own[3] > top,
      );
      if (!meets) taken.push(own);
      return !meets;
    });
}
