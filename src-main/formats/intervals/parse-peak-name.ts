import type { Interval } from '#core/chromatin/interval-index';
import { lastEnd } from './interval-of-fields.ts';

/**
 * A contig, two positions and perhaps a strand. The contig takes as much as it can, so that its own dots, dashes and
 * underlines stay in it.
 */
const form =
  /^(.*[^:_.\s-])([:_.\s-])(\d+|\d{1,3}(?:,\d{3})+)(?:\.\.|[-_:.\s])(\d+|\d{1,3}(?:,\d{3})+)(?::[+*.-]|\([+*.-]\))?$/;

/**
 * The interval that the name of a peak spells, null if it spells none: chr1:100-200, chr1-100-200, chr1_100_200,
 * 1:100-200, GL000192.1:1-200, chr1_KI270706v1_random-1-200, chr1:1,000-2,000, chr1:100..200, with a strand behind it
 * (chr1:100-200:+, chr1:100-200(-)), and as R rewrites it for a data frame (chr1.100.200, X1.100.200).
 *
 * The positions are taken as 0-based and half-open, as in the BED file of the peaks; names made by R's GRanges count
 * from 1 and begin one base later. An end that is not behind the start or above 2³¹ − 1 is no interval.
 */
export function parsePeakName(name: string): Interval | null {
  const found = form.exec(name.trim());
  if (found === null) return null;
  const start = Number(found[3]!.replaceAll(',', ''));
  const end = Number(found[4]!.replaceAll(',', ''));
  if (!(start < end && end <= lastEnd)) return null;
  // R puts an X before a name that begins with a digit, when it makes the other signs dots.
  const contig = found[2] === '.' ? found[1]!.replace(/^X(?=\d)/, '') : found[1]!;
  return { contig, start, end };
}
