import { AppError } from '../base/app-error.ts';
import { compareContigs, contigKey } from './contigs.ts';
import type { FragmentBlock } from './fragment-block.ts';

/** Calls `each` for every stretch of neighbouring fragments on one contig: from … to − 1 lie on `block.contigs[code]`. */
export function eachContigRun(block: FragmentBlock, each: (code: number, from: number, to: number) => void): void {
  const { contig, length } = block;
  for (let from = 0; from < length;) {
    const code = contig[from]!;
    let to = from + 1;
    while (to < length && contig[to] === code) to++;
    each(code, from, to);
    from = to;
  }
}

/** What is known of each contig, found by the number that a fragment file gives it. */
export class ContigLookup<T> {
  readonly #known: ReadonlyMap<string, T>;
  #table: readonly string[] | undefined;
  #found: (T | undefined)[] = [];

  /** @param known by `contigKey` */
  constructor(known: ReadonlyMap<string, T>) {
    this.#known = known;
  }

  /** What is known of `contigs[code]`; undefined where nothing is. Quick as long as the table stays the same one. */
  at(contigs: readonly string[], code: number): T | undefined {
    if (this.#table !== contigs) {
      this.#table = contigs;
      this.#found = [];
    }
    for (let next = this.#found.length; next <= code; next++)
      this.#found.push(this.#known.get(contigKey(contigs[next]!)));
    return this.#found[code];
  }
}

/** How much of a contig was used. Counts are insertions where fragments were counted, else sums of a peak matrix. */
export interface ContigShare {
  /** As the fragments or peaks name it. */
  readonly contig: string;
  readonly total: number;
  /** Those of `total` that lie in at least one of the intervals counted for. */
  readonly used: number;
  /** Whether the intervals counted for have this contig at all. */
  readonly known: boolean;
}

/** How much of what came in was used, over all and per contig (in the order of first appearance). */
export interface ShareUsed {
  readonly total: number;
  readonly used: number;
  readonly contigs: readonly ContigShare[];
}

/** Adds up what was used per contig. */
export class ShareTally {
  readonly #contigs = new Map<string, { contig: string; total: number; used: number; known: boolean }>();

  add(contig: string, known: boolean, total: number, used: number): void {
    const held = this.#contigs.get(contig);
    if (held === undefined) this.#contigs.set(contig, { contig, total, used, known });
    else {
      held.total += total;
      held.used += used;
    }
  }

  result(): ShareUsed {
    const contigs = Array.from(this.#contigs.values(), (share) => ({ ...share }));
    const sum = (of: 'total' | 'used'): number => contigs.reduce((all, share) => all + share[of], 0);
    return { total: sum('total'), used: sum('used'), contigs };
  }
}

/**
 * Refuses what has no contig in common with the intervals counted for: then the genome is another one.
 * @param what names of both sides for the message @param intervals those counted for
 * @throws AppError `chromatin.no-contig-in-common`; nothing at all to count is let through
 */
export function requireCommonContig(
  { contigs }: ShareUsed,
  what: { readonly counted: string; readonly intervals: string },
  intervals: readonly { readonly contig: string }[],
): void {
  if (contigs.length === 0 || contigs.some(({ known }) => known)) return;
  const known = [...new Set(intervals.map(({ contig }) => contig))].sort(compareContigs);
  throw new AppError('chromatin.no-contig-in-common', {
    what: what.counted,
    contigs: contigs.map(({ contig }) => contig).sort(compareContigs),
    against: what.intervals,
    known,
  });
}
