import { toOklab } from './colour-space.ts';
import { colourDifference, rgbOf } from './palette.ts';

/** Labels that touch more than this must be told apart. */
const TOUCH = 0.1;
/** Colours at least so different (see `colourDifference`) are easily told apart where they touch. */
const EASY = 0.12;
/** What it costs that a label moves from its own hue, against what is gained. */
const HUE = 0.03;

/**
 * Changes as few colours as it takes for labels that touch to be easily told apart. As long as two that touch are too alike, two
 * labels swap colours: those whose swap mends most, where one that keeps hues counts for more than one that takes labels
 * far from the hue they began with. Where nothing touches, or everything is told apart, every label keeps its colour.
 *
 * @param touching [labels × labels] symmetric, 0 … 1
 * @param colours [labels] `#rrggbb`, each used once
 * @returns [labels] the same colours in another order; same input, same order
 */
export function keepToldApart(touching: Float64Array, colours: readonly string[]): readonly string[] {
  const count = colours.length;
  if (touching.length !== count * count)
    throw new RangeError(`keepToldApart: ${touching.length} pairs for ${count} colours`);
  const ofPairs = (measure: (a: number, b: number) => number): Float64Array =>
    Float64Array.from({ length: count * count }, (_, i) => measure(Math.floor(i / count), i % count));
  const hue = colours.map((colour) => toOklab(rgbOf(colour)).slice(1) as [number, number]);
  const lack = ofPairs((a, b) => Math.max(0, EASY - colourDifference(colours[a]!, colours[b]!)) ** 2 / EASY);
  /** From the hue of a label to that of a colour: label and colour of the same number begin together. */
  const away = ofPairs((label, colour) =>
    Math.hypot(hue[label]![0] - hue[colour]![0], hue[label]![1] - hue[colour]![1]),
  );
  const given = Uint32Array.from(colours, (_, i) => i);
  /** What a label lacks to be told apart from all that it touches, if it had this colour. */
  const lackOf = (label: number, colour: number, except: number): number => {
    let sum = 0;
    for (let other = 0; other < count; other++)
      if (other !== label && other !== except && touching[label * count + other]! > TOUCH)
        sum += lack[colour * count + given[other]!]!;
    return sum;
  };
  for (;;) {
    let best: { readonly a: number; readonly b: number; readonly gain: number } | null = null;
    for (let a = 0; a < count; a++)
      for (let b = 0; b < a; b++) {
        const [own, others] = [given[a]!, given[b]!];
        const mended = lackOf(a, own, b) + lackOf(b, others, a) - lackOf(a, others, b) - lackOf(b, own, a);
        if (mended <= 1e-9) continue; // each swap makes the sum smaller, so this comes to an end
        const left =
          away[a * count + others]! + away[b * count + own]! - away[a * count + own]! - away[b * count + others]!;
        const gain = mended - HUE * left;
        if (best === null || gain > best.gain) best = { a, b, gain };
      }
    if (best === null) break;
    [given[best.a], given[best.b]] = [given[best.b]!, given[best.a]!];
  }
  return Array.from(given, (colour) => colours[colour]!);
}
