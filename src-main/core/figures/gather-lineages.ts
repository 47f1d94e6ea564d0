import { toOklab } from './colour-space.ts';
import { colourDifference, rgbOf } from './palette.ts';

/** Labels that touch more than this must be told apart. */
const TOUCH = 0.1;
/** Colours at least so different (see `colourDifference`) are easily told apart where they touch. */
const EASY = 0.12;
/** Swaps are tried in rounds until none helps; so many rounds are never needed. */
const MOST_ROUNDS = 100;

/**
 * Brings the hues of one lineage together by swapping colours: the spread of each lineage's hues (its squared distances
 * from their middle in the two opponent axes of OKLab, lightness left out) is brought down as long as that helps. Being
 * told apart goes first: every label stays easily told apart from all that it touches, and where it was not, as different
 * from the most alike of them as it was. So lineages of few labels show, and of many labels that all touch they give way.
 *
 * @param touching [labels × labels] symmetric, 0 … 1
 * @param lineages [labels] number of the lineage, −1 for none
 * @param colours [labels] `#rrggbb`, each used once
 * @returns [labels] the same colours in another order
 */
export function gatherLineages(
  touching: Float64Array,
  lineages: Int32Array,
  colours: readonly string[],
): readonly string[] {
  const count = colours.length;
  const pairs = count * count;
  const difference = Float64Array.from({ length: pairs }, (_, i) =>
    colourDifference(colours[Math.floor(i / count)]!, colours[i % count]!),
  );
  const hue = colours.map((colour) => toOklab(rgbOf(colour)).slice(1));
  const given = Uint32Array.from(colours, (_, i) => i);
  const between = (a: number, b: number): number => difference[given[a]! * count + given[b]!]!;
  const least = (label: number): number => {
    let found = Infinity;
    for (let other = 0; other < count; other++)
      if (other !== label && touching[label * count + other]! > TOUCH) found = Math.min(found, between(label, other));
    return found;
  };
  const floors = colours.map((_, label) => Math.min(EASY, least(label)));
  const toldApart = (): boolean => floors.every((floor, label) => least(label) >= floor);
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
        const good = after < before * (1 - 1e-9) && toldApart();
        if (good) better = true;
        else swap(a, b);
      }
  }
  return Array.from(given, (colour) => colours[colour]!);
}
