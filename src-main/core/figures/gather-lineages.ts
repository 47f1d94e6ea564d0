import { toOklab } from './colour-space.ts';
import { rgbOf } from './palette.ts';

/** Swaps are tried in rounds until none helps; so many rounds are never needed. */
const MOST_ROUNDS = 100;

/**
 * Brings the hues of each lineage together by swapping colours: the spread of its hues (squared distances from their middle in the
 * two opponent axes of OKLab, lightness left out) is brought down as long as that helps.
 *
 * @param lineages [labels] number of the lineage, −1 for none
 * @param colours [labels] `#rrggbb`, each used once
 * @returns [labels] the same colours in another order; without lineages in the order given
 */
export function gatherLineages(lineages: Int32Array, colours: readonly string[]): readonly string[] {
  const count = colours.length;
  const hue = colours.map((colour) => toOklab(rgbOf(colour)).slice(1));
  const given = Uint32Array.from(colours, (_, i) => i);
  const members = new Map<number, number[]>();
  lineages.forEach((lineage, label) => {
    if (lineage >= 0) members.set(lineage, [...(members.get(lineage) ?? []), label]);
  });
  const spread = (lineage: number): number => {
    const labels = members.get(lineage);
    if (labels === undefined) return 0;
    return [0, 1].reduce((sum, axis) => {
      const values = labels.map((label) => hue[given[label]!]![axis]!);
      const middle = values.reduce((a, b) => a + b, 0) / values.length;
      return sum + values.reduce((total, value) => total + (value - middle) ** 2, 0);
    }, 0);
  };
  const swap = (a: number, b: number): void => {
    [given[a], given[b]] = [given[b]!, given[a]!];
  };
  for (let round = 0, better = true; better && round < MOST_ROUNDS; round++) {
    better = false;
    for (let a = 0; a < count; a++)
      for (let b = 0; b < a; b++) {
        if (lineages[a] === lineages[b]) continue;
        const before = spread(lineages[a]!) + spread(lineages[b]!);
        swap(a, b);
        const after = spread(lineages[a]!) + spread(lineages[b]!);
        if (after < before * (1 - 1e-9)) better = true;
        else swap(a, b);
      }
  }
  return Array.from(given, (colour) => colours[colour]!);
}
