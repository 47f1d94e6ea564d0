import { UNKNOWN } from '../data/label-transfer.ts';
import { gatherLineages } from './gather-lineages.ts';
import { keepToldApart } from './keep-told-apart.ts';
import { labelLineages } from './label-lineages.ts';
import { neighbouringLabels } from './neighbouring-labels.ts';
import { palette } from './palette.ts';

/** Unknown and everything else without a label. */
export const unknownColour = '#a8a8a8';

export const referenceColour = palette[0]!;
export const queryColour = palette[1]!;
/** True labels of the query, beside predicted ones. */
export const trueColour = palette[2]!;
/** Sums and totals. */
export const neutralColour = '#7d7d7d';

/** Where the labels of the reference lie on the map. */
export interface LabelPlaces {
  /** [reference cells, 2] row by row. */
  readonly layout: Float32Array;
  /** [reference cells] number of the label. */
  readonly label: ArrayLike<number>;
}

/**
 * A colour for every label, by the names: the same labels in whatever order get the same colours, before there is a map and
 * after. Labels whose names tell the same lineage (`labelLineages`) get neighbouring hues. With places, as many labels as
 * it takes change theirs so that those that touch on the map are easily told apart, within their hue as far as that allows;
 * the others keep it. "Unknown" is grey. Beyond 64 labels colours come round again; numbers and names tell those apart.
 *
 * @param labels those of the reference
 * @param further labels that only the truth has: they take the colours that are left and change none
 * @param places of the reference cells; null where there is no map
 * @returns the colours by name, in the order given, Unknown last
 */
export function labelColours(
  labels: readonly string[],
  { further = [], places = null }: { readonly further?: readonly string[]; readonly places?: LabelPlaces | null } = {},
): ReadonlyMap<string, string> {
  const names = [...new Set([...labels, ...further])].filter((label) => label !== UNKNOWN);
  const reference = new Set(labels);
  const own = names.filter((name) => reference.has(name)).sort(byCode);
  const rest = names.filter((name) => !reference.has(name)).sort(byCode);
  const colours = [...own, ...rest].map((_, i) => palette[i % palette.length]!);
  if (own.length <= palette.length) {
    const gathered = gatherLineages(labelLineages(own), colours.slice(0, own.length));
    colours.splice(0, own.length, ...(places === null ? gathered : toldApart(own, labels, places, gathered)));
  }
  const colourOf = new Map([...own, ...rest].map((name, i) => [name, colours[i]!]));
  return new Map([...names.map((name) => [name, colourOf.get(name)!] as const), [UNKNOWN, unknownColour] as const]);
}

/** @param own the names in the order of `colours` @param labels those that the numbers of `places` count */
function toldApart(
  own: readonly string[],
  labels: readonly string[],
  { layout, label }: LabelPlaces,
  colours: readonly string[],
): readonly string[] {
  const place = Int32Array.from(labels, (name) => own.indexOf(name)); // −1 for a label called "Unknown"
  const among = Int32Array.from(label, (number) => place[number] ?? -1);
  return keepToldApart(neighbouringLabels(layout, among, own.length), colours);
}

/** The same on every computer, whatever its language. */
function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Of a map on which the reference cells come first. */
export function referencePlaces(layout: Float32Array, label: ArrayLike<number>): LabelPlaces {
  return { layout: layout.subarray(0, 2 * label.length), label };
}
