import { compareContigs, contigKey } from './contigs.ts';
import type { Interval } from './interval-index.ts';

/** A peak as feature names write it: chr1:100-600, 0-based start. */
export function peakName({ contig, start, end }: Interval): string {
  return `${contig}:${start}-${end}`;
}

/** By which two places are the same, however their contigs are written. */
export function placeKey({ contig, start, end }: Interval): string {
  return `${contigKey(contig)}:${start}-${end}`;
}

/**
 * All peak sets in one: every base of any of them, intervals that overlap or touch melted together, by contig (1, 2, …, X,
 * Y, M, others) and start. A contig is spelled as the first set that has it spells it. Intervals without a base are left out.
 */
export function unionPeaks(sets: readonly (readonly Interval[])[]): Interval[] {
  const spelled = new Map<string, string>();
  const all: Interval[] = [];
  for (const set of sets) {
    for (const { contig, start, end } of set) {
      const key = contigKey(contig);
      if (!spelled.has(key)) spelled.set(key, contig);
      if (start < end) all.push({ contig: spelled.get(key)!, start, end });
    }
  }
  all.sort((a, b) => compareContigs(a.contig, b.contig) || a.start - b.start);
  const out: { contig: string; start: number; end: number }[] = [];
  for (const { contig, start, end } of all) {
    const last = out.at(-1);
    if (last !== undefined && last.contig === contig && start <= last.end) last.end = Math.max(last.end, end);
    else out.push({ contig, start, end });
  }
  return out;
}

/**
 * The fixed windows that hold a base of any of the peaks: [k·width, (k + 1)·width), by contig and start. Contigs are spelled
 * as in the first set that has them.
 *
 * @param width in bases, a positive whole number
 */
export function windowsOver(sets: readonly (readonly Interval[])[], width: number): Interval[] {
  const out: Interval[] = [];
  for (const { contig, start, end } of unionPeaks(sets)) {
    const last = out.at(-1);
    const from = Math.max(0, Math.floor(start / width));
    const first = last !== undefined && last.contig === contig ? Math.max(from, last.end / width) : from;
    for (let k = first; k * width < end; k++) out.push({ contig, start: k * width, end: (k + 1) * width });
  }
  return out;
}

/** Bases of intervals that do not overlap each other (as `unionPeaks` gives them). */
export function basesOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { start, end }) => sum + end - start, 0);
}
