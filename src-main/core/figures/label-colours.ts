import { UNKNOWN } from '../data/label-transfer.ts';
import { gatherLineages } from './gather-lineages.ts';
import { labelLineages } from './label-lineages.ts';
import { neighbouringLabels } from './neighbouring-labels.ts';
import { palette } from './palette.ts';
import { spreadColours } from './spread-colours.ts';

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
  /** Labels of the reference: the first of all labels. */
  readonly labels: number;
}

/**
 * A colour for every label: the same names in the same order, with the same places, give the same colours, so all figures
 * of a run agree. With places, labels of the reference that touch on the map get colours that are easily told apart; as far as that
 * allows, labels whose names tell the same lineage (`labelLineages`) get neighbouring hues.
 * "Unknown" is grey. Beyond 64 labels colours come round again; numbers and names tell those labels apart.
 *
 * @param labels those of the reference in their order, then novel ones of the truth
 * @param places of the reference cells; null where there is no map
 */
export function labelColours(
  labels: readonly string[],
  places: LabelPlaces | null = null,
): ReadonlyMap<string, string> {
  const names = [...new Set(labels)].filter((label) => label !== UNKNOWN);
  const order = names.map((_, i) => palette[i % palette.length]!);
  // A reference label called "Unknown", twice named labels, or more than there are colours: places no longer name colours.
  if (places !== null && places.labels <= palette.length && names[places.labels - 1] === labels[places.labels - 1]) {
    const touching = neighbouringLabels(places.layout, places.label, places.labels);
    const apart = spreadColours(touching, order.slice(0, places.labels));
    order.splice(0, places.labels, ...gatherLineages(touching, labelLineages(names.slice(0, places.labels)), apart));
  }
  return new Map([...names.map((name, i) => [name, order[i]!] as const), [UNKNOWN, unknownColour] as const]);
}

/** Of a map on which the reference cells come first. */
export function referencePlaces(layout: Float32Array, label: ArrayLike<number>, labels: number): LabelPlaces {
  return { layout: layout.subarray(0, 2 * label.length), label, labels };
}
