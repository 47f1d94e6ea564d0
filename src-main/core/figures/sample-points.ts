import { Random } from '../base/random.ts';
import { countText } from './number-text.ts';

/** Points that are drawn at most: more make a file heavy and a picture no clearer. */
export const mostPoints = 20_000;

/**
 * The given cells in random order, at most `most` of them: no study or label lies on top only because it came last.
 *
 * @returns places in drawing order, and a footnote when cells were left out
 */
export function samplePoints(
  cells: readonly number[],
  seed: number,
  most = mostPoints,
): { readonly drawn: readonly number[]; readonly footnotes: readonly string[] } {
  const random = Random.forPurpose(seed, 'drawn points');
  const drawn = Array.from(random.sample(cells.length, Math.min(most, cells.length)), (place) => cells[place]!);
  if (drawn.length === cells.length) return { drawn, footnotes: [] };
  return {
    drawn,
    footnotes: [`Drawn: ${countText(drawn.length)} of ${countText(cells.length)} cells, chosen at random.`],
  };
}
