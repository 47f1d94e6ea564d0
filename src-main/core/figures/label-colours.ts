import { UNKNOWN } from '../data/label-transfer.ts';
import { palette } from './palette.ts';

/** Unknown and everything else without a label. */
export const unknownColour = '#a8a8a8';

export const referenceColour = palette[0]!;
export const queryColour = palette[1]!;
/** True labels of the query, beside predicted ones. */
export const trueColour = palette[2]!;
/** Sums and totals. */
export const neutralColour = '#7d7d7d';

/**
 * A colour for every label: the same names in the same order give the same colours, so all figures of a run agree.
 * "Unknown" is grey. Beyond 64 labels colours come round again; numbers and names tell those labels apart.
 *
 * @param labels those of the reference in their order, then novel ones of the truth
 */
export function labelColours(labels: readonly string[]): ReadonlyMap<string, string> {
  const colours = new Map<string, string>();
  for (const label of labels) {
    if (label !== UNKNOWN && !colours.has(label)) colours.set(label, palette[colours.size % palette.length]!);
  }
  return colours.set(UNKNOWN, unknownColour);
}
