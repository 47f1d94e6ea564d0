import { compareContigs, contigKey } from './contigs.ts';
import { type Interval, IntervalIndex } from './interval-index.ts';
import { basesOf, unionPeaks } from './peak-sets.ts';

/** How two peak sets lie to each other, on one contig or altogether. */
export interface OverlapCounts {
  /** Peaks of each set. */
  readonly reference: number;
  readonly query: number;
  /** Those of them that share at least one base with a peak of the other set. */
  readonly referenceHit: number;
  readonly queryHit: number;
  /** Peaks of the query that are, base for base, a peak of the reference. */
  readonly identical: number;
  /** Bases covered by each set, and by both. */
  readonly referenceBases: number;
  readonly queryBases: number;
  readonly sharedBases: number;
}

export interface ContigOverlap extends OverlapCounts {
  /** As the reference spells it, or the query where only that has it. */
  readonly contig: string;
}

/** Plain JSON, to be shown before anything runs. */
export interface PeakOverlap extends OverlapCounts {
  /** Every contig that either set has: 1, 2, …, X, Y, M, others. */
  readonly contigs: readonly ContigOverlap[];
}

/** How much two peak sets overlap, per contig and in all. Contigs are compared by `contigKey`; peaks without a base count as peaks that hit nothing. */
export function overlapOfPeaks(reference: readonly Interval[], query: readonly Interval[]): PeakOverlap {
  const ours = splitByContig(reference);
  const theirs = splitByContig(query);
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])].sort(compareContigs);
  const contigs = keys.map((key): ContigOverlap => {
    const [a, b] = [ours.get(key) ?? [], theirs.get(key) ?? []];
    return { contig: (a[0] ?? b[0])!.contig, ...overlapOnContig(a, b) };
  });
  const sum = (of: keyof OverlapCounts): number => contigs.reduce((all, contig) => all + contig[of], 0);
  return {
    reference: sum('reference'),
    query: sum('query'),
    referenceHit: sum('referenceHit'),
    queryHit: sum('queryHit'),
    identical: sum('identical'),
    referenceBases: sum('referenceBases'),
    queryBases: sum('queryBases'),
    sharedBases: sum('sharedBases'),
    contigs,
  };
}

function overlapOnContig(reference: readonly Interval[], query: readonly Interval[]): OverlapCounts {
  const places = new Set(reference.map(({ start, end }) => `${start}-${end}`));
  const [ours, theirs] = [unionPeaks([reference]), unionPeaks([query])];
  return {
    reference: reference.length,
    query: query.length,
    referenceHit: hits(reference, query),
    queryHit: hits(query, reference),
    identical: query.filter(({ start, end }) => places.has(`${start}-${end}`)).length,
    referenceBases: basesOf(ours),
    queryBases: basesOf(theirs),
    sharedBases: basesOf(ours) + basesOf(theirs) - basesOf(unionPeaks([reference, query])),
  };
}

function hits(peaks: readonly Interval[], others: readonly Interval[]): number {
  const index = new IntervalIndex(others);
  return peaks.filter(({ contig, start, end }) => {
    let hit = false;
    index.overlapping(contig, start, end, () => (hit = true));
    return hit;
  }).length;
}

function splitByContig(peaks: readonly Interval[]): Map<string, Interval[]> {
  const out = new Map<string, Interval[]>();
  for (const peak of peaks) {
    const key = contigKey(peak.contig);
    const held = out.get(key);
    if (held === undefined) out.set(key, [peak]);
    else held.push(peak);
  }
  return out;
}
