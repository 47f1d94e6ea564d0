import { AppError } from '../base/app-error.ts';
import { type Interval, IntervalIndex } from './interval-index.ts';

/**
 * One chain of a UCSC chain file: stretches of one genome and where they lie in another. Block i is `length[i]` bases
 * from `from[i]` on `contig`; they lie from `to[i]` on `toContig`, counted along its reverse strand where `reverse`.
 */
export interface Chain {
  readonly contig: string;
  readonly size: number;
  readonly toContig: string;
  readonly toSize: number;
  readonly reverse: boolean;
  /** [blocks] rising, as are `to`; blocks do not overlap. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly length: Int32Array;
}

/**
 * Why an interval has no place in the other genome. `deleted`: no base of it is there. `partial`: too few bases of it. `split`:
 * they lie in several chains. `repeated`: it lies there more than once. `stretched`: it would be over twice or under half as wide.
 */
export type LiftFailure = 'deleted' | 'partial' | 'split' | 'repeated' | 'stretched';

/** Share of the bases of an interval that must have a place, as UCSC's liftOver asks for by default. */
export const leastMatch = 0.95;
const mostStretch = 2;

/**
 * Finds where intervals of one genome lie in another, by the rules of UCSC's liftOver (Hinrichs et al. 2006,
 * doi:10.1093/nar/gkj144): exactly one chain must hold at least 95 % of the interval's bases; it then reaches from
 * where its first mapped base lies to where its last one does. Ours: intervals that this would make over twice or under
 * half as wide are refused.
 */
export class ChainMap {
  /** The file it was read from, for messages. */
  readonly name: string;
  readonly #chains: readonly Chain[];
  readonly #index: IntervalIndex;

  /** @param name of the chain file @param chains with at least one block each */
  constructor(name: string, chains: readonly Chain[]) {
    this.name = name;
    this.#chains = chains;
    this.#index = new IntervalIndex(
      chains.map(({ contig, from, length }) => ({ contig, start: from[0]!, end: from.at(-1)! + length.at(-1)! })),
    );
  }

  /** Whether any chain starts from the contig. */
  has(contig: string): boolean {
    return this.#index.has(contig);
  }

  /** Contigs that chains start from, as the file spells them. */
  contigs(): string[] {
    return [...new Set(this.#chains.map(({ contig }) => contig))];
  }

  /** The interval in the other genome, or why it has no place there. @param match least share of its bases, 0 … 1 */
  lift(interval: Interval, match = leastMatch): Interval | LiftFailure {
    const { contig, start, end } = interval;
    let [hit, hits, partly] = [-1, 0, 0];
    this.#index.overlapping(contig, start, end, (i) => {
      const bases = mappedBases(this.#chains[i]!, start, end);
      if (bases > 0 && bases >= match * (end - start)) [hit, hits] = [i, hits + 1];
      else if (bases > 0) partly++;
    });
    if (hits > 1) return 'repeated';
    if (hits === 0) return partly === 0 ? 'deleted' : partly === 1 ? 'partial' : 'split';
    const lifted = mapped(this.#chains[hit]!, start, end);
    const stretch = (lifted.end - lifted.start) / (end - start);
    return stretch > mostStretch || stretch < 1 / mostStretch ? 'stretched' : lifted;
  }
}

/** The chains that lead back: from the other genome to this one. */
export function swappedChains(chains: readonly Chain[]): Chain[] {
  return chains.map((chain) => {
    const { contig, size, toContig, toSize, reverse, from, to, length } = chain;
    const names = { contig: toContig, size: toSize, toContig: contig, toSize: size, reverse };
    if (!reverse) return { ...names, from: to, to: from, length };
    // seen from the forward strand of the other genome, the blocks come in the opposite order
    const turned = (starts: Int32Array, whole: number): Int32Array =>
      starts.map((at, i) => whole - at - length[i]!).reverse();
    return { ...names, from: turned(to, toSize), to: turned(from, size), length: length.toReversed() };
  });
}

/** What came of lifting a list of intervals. */
export interface LiftedPeaks {
  readonly peaks: readonly Interval[];
  /** [peaks] place of each in the list that was given. */
  readonly source: Int32Array;
  /** How many have no place, by reason. */
  readonly failed: Readonly<Record<LiftFailure, number>>;
}

/**
 * Lifts intervals one by one; those without a place are left out and counted.
 * @param match least share of their bases, 0 … 1
 * @throws AppError `chromatin.chain-does-not-fit` if no chain starts from a contig of the peaks
 */
export function liftPeaks(peaks: readonly Interval[], map: ChainMap, match = leastMatch): LiftedPeaks {
  const contigs = [...new Set(peaks.map(({ contig }) => contig))];
  if (contigs.length > 0 && !contigs.some((contig) => map.has(contig))) {
    throw new AppError('chromatin.chain-does-not-fit', { file: map.name, contigs: map.contigs(), peaks: contigs });
  }
  const failed = { deleted: 0, partial: 0, split: 0, repeated: 0, stretched: 0 };
  const lifted: Interval[] = [];
  const source: number[] = [];
  peaks.forEach((peak, i) => {
    const place = map.lift(peak, match);
    if (typeof place === 'string') failed[place]++;
    else {
      lifted.push(place);
      source.push(i);
    }
  });
  return { peaks: lifted, source: Int32Array.from(source), failed };
}

/** The first block that ends behind the position. */
function blockAt({ from, length }: Chain, position: number): number {
  let [low, high] = [0, from.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (from[middle]! + length[middle]! <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mappedBases(chain: Chain, start: number, end: number): number {
  let bases = 0;
  for (let i = blockAt(chain, start); i < chain.from.length && chain.from[i]! < end; i++) {
    bases += Math.min(end, chain.from[i]! + chain.length[i]!) - Math.max(start, chain.from[i]!);
  }
  return bases;
}

/** From where the first mapped base of the interval lies to where the last one does; at least one base is mapped. */
function mapped(chain: Chain, start: number, end: number): Interval {
  const { from, to, length, toContig, toSize, reverse } = chain;
  const left = blockAt(chain, start);
  let right = left;
  while (right + 1 < from.length && from[right + 1]! < end) right++;
  const first = to[left]! + Math.max(0, start - from[left]!);
  const behind = to[right]! + Math.min(length[right]!, end - from[right]!);
  return reverse
    ? { contig: toContig, start: toSize - behind, end: toSize - first }
    : { contig: toContig, start: first, end: behind };
}
