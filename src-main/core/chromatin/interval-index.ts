/** A half-open stretch of a contig, 0-based: `start` ≤ position < `end`. */
export interface Interval {
  readonly contig: string;
  readonly start: number;
  readonly end: number;
}

/** Answers "which intervals hold this position" in time that follows the answer, not the number of intervals. */
export class IntervalIndex {
  readonly #contigs = new Map<string, Contig>();

  /** @param intervals in any order; the numbers given back are places in this list */
  constructor(intervals: readonly Interval[]) {
    const byContig = new Map<string, number[]>();
    intervals.forEach((interval, i) => {
      const list = byContig.get(interval.contig);
      if (list === undefined) byContig.set(interval.contig, [i]);
      else list.push(i);
    });
    for (const [name, members] of byContig) this.#contigs.set(name, contigOf(intervals, members));
  }

  has(contig: string): boolean {
    return this.#contigs.has(contig);
  }

  /** Calls `found` with the number of every interval of the contig that holds the position. */
  at(contig: string, position: number, found: (interval: number) => void): void {
    this.overlapping(contig, position, position + 1, found);
  }

  /** Calls `found` with the number of every interval that shares at least one base with start … end−1. */
  overlapping(contig: string, start: number, end: number, found: (interval: number) => void): void {
    const c = this.#contigs.get(contig);
    if (c === undefined) return;
    // The last interval that begins before `end`, then backwards while one before it still reaches `start`.
    for (let i = firstAtOrAfter(c.starts, end) - 1; i >= 0 && c.reach[i]! > start; i--) {
      if (c.ends[i]! > start) found(c.members[i]!);
    }
  }
}

/** Intervals of one contig by rising start; `reach[i]` is the largest end among the first i + 1. */
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
  const reach = ends.slice();
  for (let i = 1; i < reach.length; i++) reach[i] = Math.max(reach[i]!, reach[i - 1]!);
  return { starts, ends, reach, members: Int32Array.from(members) };
}

function firstAtOrAfter(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
