import { contigKey } from './contigs.ts';

/** A half-open stretch of a contig, 0-based: `start` ≤ position < `end`. */
export interface Interval {
  readonly contig: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Answers "which intervals share a base with this one" in time that follows the answer and the logarithm of the number
 * of intervals, however they lie in each other. Contigs are compared by `contigKey`, so chr1 and 1 are the same.
 * An interval without a base (end ≤ start) is in no answer. For single positions of many fragments see `stretchesOf`.
 */
export class IntervalIndex {
  readonly #contigs = new Map<string, Contig>();

  /** @param intervals in any order; the numbers given back are places in this list */
  constructor(intervals: readonly Interval[]) {
    for (const [key, members] of byContig(intervals)) this.#contigs.set(key, contigOf(intervals, members));
  }

  has(contig: string): boolean {
    return this.#contigs.has(contigKey(contig));
  }

  /** Calls `found` with the number of every interval of the contig that holds the position, by rising start. */
  at(contig: string, position: number, found: (interval: number) => void): void {
    this.overlapping(contig, position, position + 1, found);
  }

  /** Calls `found` with the number of every interval that shares at least one base with start … end−1, by rising start. */
  overlapping(contig: string, start: number, end: number, found: (interval: number) => void): void {
    const c = this.#contigs.get(contigKey(contig));
    if (c !== undefined && start < end) search(c, 0, c.starts.length, start, end, found);
  }
}

/** Numbers of the intervals of each contig, by `contigKey`, contigs in order of first appearance; empty intervals are left out. */
export function byContig(intervals: readonly Interval[]): Map<string, number[]> {
  const keys = new Map<string, string>();
  const lists = new Map<string, number[]>();
  intervals.forEach(({ contig, start, end }, i) => {
    if (!(start < end)) return;
    let key = keys.get(contig);
    if (key === undefined) keys.set(contig, (key = contigKey(contig)));
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [i]);
    else list.push(i);
  });
  return lists;
}

/**
 * Intervals of one contig by rising start, as a search tree without pointers: the root of places lo … hi−1 is the middle
 * one, and `reach` of a root is the largest end below it (the interval tree of Cormen et al., Introduction to
 * Algorithms, 14.3).
 */
interface Contig {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly reach: Float64Array;
  readonly members: Int32Array;
}

function contigOf(intervals: readonly Interval[], members: number[]): Contig {
  members.sort((a, b) => intervals[a]!.start - intervals[b]!.start || a - b);
  const starts = Float64Array.from(members, (i) => intervals[i]!.start);
  const ends = Float64Array.from(members, (i) => intervals[i]!.end);
  const reach = new Float64Array(members.length);
  const fill = (lo: number, hi: number): number => {
    if (lo >= hi) return -Infinity;
    const middle = (lo + hi) >>> 1;
    return (reach[middle] = Math.max(ends[middle]!, fill(lo, middle), fill(middle + 1, hi)));
  };
  fill(0, members.length);
  return { starts, ends, reach, members: Int32Array.from(members) };
}

function search(c: Contig, lo: number, hi: number, start: number, end: number, found: (i: number) => void): void {
  if (lo >= hi) return;
  const middle = (lo + hi) >>> 1;
  if (c.reach[middle]! <= start) return;
  search(c, lo, middle, start, end, found);
  if (c.starts[middle]! >= end) return;
  if (c.ends[middle]! > start) found(c.members[middle]!);
  search(c, middle + 1, hi, start, end, found);
}
