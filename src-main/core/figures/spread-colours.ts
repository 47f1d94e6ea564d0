import { colourDifference } from './palette.ts';

/** Swaps are tried in rounds until none helps; so many rounds are never needed. */
const MOST_ROUNDS = 100;

/**
 * Gives colours to things so that things that touch get colours that are easily told apart: the sum over all pairs of
 * `touching` / difference⁴ is brought down by swapping two colours as long as that helps, from the order given. Same
 * input, same colours; where nothing touches, the order given.
 *
 * @param touching [things × things] symmetric, 0 … 1
 * @param colours [things] `#rrggbb`, each used once
 * @returns [things] the same colours in another order
 */
export function spreadColours(touching: Float64Array, colours: readonly string[]): string[] {
  const count = colours.length;
  if (touching.length !== count * count)
    throw new RangeError(`spreadColours: ${touching.length} pairs for ${count} colours`);
  const penalty = Float64Array.from({ length: count * count }, (_, i) => {
    const [a, b] = [Math.floor(i / count), i % count];
    return a === b ? 0 : colourDifference(colours[a]!, colours[b]!) ** -4;
  });
  const given = Uint32Array.from(colours, (_, i) => i);
  const costOf = (thing: number, colour: number, except: number): number => {
    let cost = 0;
    for (let other = 0; other < count; other++)
      if (other !== thing && other !== except)
        cost += touching[thing * count + other]! * penalty[colour * count + given[other]!]!;
    return cost;
  };
  for (let round = 0, better = true; better && round < MOST_ROUNDS; round++) {
    better = false;
    for (let a = 0; a < count; a++)
      for (let b = 0; b < a; b++) {
        const [own, others] = [given[a]!, given[b]!];
        const before = costOf(a, own, b) + costOf(b, others, a);
        const after = costOf(a, others, b) + costOf(b, own, a);
        if (after >= before * (1 - 1e-9)) continue;
        [given[a], given[b]] = [others, own];
        better = true;
      }
  }
  return Array.from(given, (colour) => colours[colour]!);
}
