import type { CancelSignal } from '../base/cancel.ts';
import type { RowStore, SparseRows } from '../data/sparse-rows.ts';
import type { CellRows } from './cell-rows.ts';
import { ContigLookup, eachContigRun, type ShareUsed, ShareTally } from './contig-runs.ts';
import type { FragmentBlock } from './fragment-block.ts';
import { HitCounts } from './hit-counts.ts';
import { byContig, type Interval } from './interval-index.ts';
import { stretchAt, type Stretches, stretchesOf } from './stretches.ts';

/**
 * What is counted. `insertions`: each end of a fragment by itself, as Cell Ranger ATAC counts. `fragments`: a fragment
 * once for every interval that holds at least one of its ends (paired insertion counting, Miao & Kim 2024,
 * doi:10.1038/s41592-023-02103-7).
 */
export type CountUnit = 'insertions' | 'fragments';

/** Counts of fragments in intervals. */
export interface IntervalCounts {
  /** [cells, intervals] */
  readonly matrix: SparseRows;
  /** Insertions of the cells, whatever the unit is, and those that lie in an interval. */
  readonly share: ShareUsed;
  /** Fragments of the cells, and fragments whose barcode is no cell. */
  readonly fragments: { readonly ofCells: number; readonly ofOthers: number };
}

/**
 * Counts fragments in genes, peaks or windows. The insertions of a fragment start … end−1 are `start` and `end` − 1; one that
 * lies in several intervals counts for each. Feed blocks by `add`, in any order and from any number of files, then ask
 * for the `result`. Memory follows the different (cell, interval) pairs, not cells × intervals.
 */
export class IntervalCounter {
  readonly #contigs: ContigLookup<Stretches>;
  readonly #hits: HitCounts;
  readonly #tally = new ShareTally();
  readonly #unit: CountUnit;
  #ofCells = 0;
  #ofOthers = 0;

  /** @param intervals column j of the result is `intervals[j]`; contigs are compared by `contigKey` */
  constructor(intervals: readonly Interval[], unit: CountUnit = 'insertions') {
    this.#contigs = new ContigLookup(stretchesByContig(intervals));
    this.#hits = new HitCounts(intervals.length);
    this.#unit = unit;
  }

  /** Counts the fragments of a block. @param cells which row each barcode belongs to */
  add(block: FragmentBlock, cells: CellRows): void {
    const rows = cells.of(block.barcodes);
    const { start, end, barcode } = block;
    const hits = this.#hits;
    const paired = this.#unit === 'fragments';
    eachContigRun(block, (code, from, to) => {
      const stretches = this.#contigs.at(block.contigs, code);
      let [fragments, used] = [0, 0];
      for (let i = from; i < to; i++) {
        const row = rows[barcode[i]!]!;
        if (row < 0) continue;
        fragments++;
        if (stretches === undefined) continue;
        const { first, members } = stretches;
        const left = stretchAt(stretches, start[i]!);
        const right = stretchAt(stretches, end[i]! - 1);
        if (left >= 0 && first[left]! < first[left + 1]!) {
          used++;
          for (let p = first[left]!; p < first[left + 1]!; p++) hits.add(row, members[p]!);
        }
        if (right < 0 || first[right] === first[right + 1]) continue;
        used++;
        if (paired && left === right) continue;
        for (let p = first[right]!; p < first[right + 1]!; p++) {
          if (!paired || left < 0 || !holds(stretches, left, members[p]!)) hits.add(row, members[p]!);
        }
      }
      this.#ofCells += fragments;
      this.#ofOthers += to - from - fragments;
      this.#tally.add(block.contigs[code]!, stretches !== undefined, 2 * fragments, used);
    });
  }

  /** What was counted; can be asked for once. @param rows number of cells @param store takes rows that are too many for memory */
  async result(
    rows: number,
    { store, signal }: { readonly store?: RowStore | undefined; readonly signal?: CancelSignal | undefined } = {},
  ): Promise<IntervalCounts> {
    return {
      matrix: await this.#hits.matrix(rows, store, signal),
      share: this.#tally.result(),
      fragments: { ofCells: this.#ofCells, ofOthers: this.#ofOthers },
    };
  }
}

/** The intervals cut into stretches, per contig; members are places in the list. */
export function stretchesByContig(intervals: readonly Interval[]): Map<string, Stretches> {
  const out = new Map<string, Stretches>();
  for (const [key, members] of byContig(intervals)) {
    const starts = Float64Array.from(members, (i) => intervals[i]!.start);
    const ends = Float64Array.from(members, (i) => intervals[i]!.end);
    out.set(key, stretchesOf(starts, ends, members));
  }
  return out;
}

function holds({ first, members }: Stretches, stretch: number, member: number): boolean {
  for (let p = first[stretch]!; p < first[stretch + 1]!; p++) if (members[p] === member) return true;
  return false;
}
