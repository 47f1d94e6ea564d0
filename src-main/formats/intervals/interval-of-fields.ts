import type { Interval } from '#core/chromatin/interval-index';

/** Positions are kept in 32 bits with a sign, as BAM and tabix keep them. */
export const lastEnd = 2 ** 31 - 1;

/** The interval that contig, start and end make, 0-based half-open; or what is wrong with them, in words to follow "line 3: ". */
export function intervalOfFields(contig: string, startText: string, endText: string): Interval | string {
  if (contig === '') return 'the contig is empty';
  for (const text of [startText, endText]) {
    if (/^-\d+$/.test(text)) return 'a position is negative';
    if (!/^\d+$/.test(text)) return `${JSON.stringify(text)} where a position belongs`;
  }
  const [start, end] = [Number(startText), Number(endText)];
  if (end > lastEnd || start > lastEnd) return `a position is larger than ${lastEnd}`;
  return end > start ? { contig, start, end } : 'the end is not behind the start';
}
