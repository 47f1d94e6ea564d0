import { collectRows } from '../data/collect-rows.ts';
import { type CsrMatrix, sortRow } from '../data/csr-matrix.ts';
import type { CellRows } from './cell-rows.ts';
import { eachContigRun, type ShareUsed, ShareTally } from './contig-runs.ts';
import { compareContigs, contigKey } from './contigs.ts';
import type { FragmentBlock } from './fragment-block.ts';
import type { LongWork } from './gene-activity.ts';
import { HitCounts } from './hit-counts.ts';
import type { Interval } from './interval-index.ts';
import type { IntervalCounts } from './interval-counter.ts';
import { lastPosition } from './stretches.ts';

/** Counts of fragments in windows. */
export interface WindowCounts extends IntervalCounts {
  /** [windows] what each column stands for, by contig and start; only windows that something lies in. */
  readonly windows: readonly Interval[];
}

interface WindowedContig {
  readonly name: string;
  readonly number: number;
  /** 1 for each window that something lies in. */
  seen: Uint8Array;
}

/**
 * Counts insertions in fixed windows of the genome, [k·width, (k + 1)·width), without knowing how long its contigs are. The
 * same window has the same place in every study, so that studies are matched by the names of their windows.
 * Used like `IntervalCounter`. Windows of 5 000 bases are what SnapATAC began with (Fang et al. 2021,
 * doi:10.1038/s41467-021-21583-9).
 */
export class WindowCounter {
  readonly #width: number;
  readonly #perContig: number;
  readonly #hits: HitCounts;
  readonly #tally = new ShareTally();
  readonly #contigs = new Map<string, WindowedContig>();
  #ofCells = 0;
  #ofOthers = 0;

  /** @param width of a window in bases, at least 100 */
  constructor(width = 5000) {
    if (!(Number.isInteger(width) && width >= 100)) throw new RangeError(`WindowCounter: a width of ${width}`);
    this.#width = width;
    this.#perContig = Math.ceil((lastPosition + 1) / width);
    this.#hits = new HitCounts(2 ** 32);
  }

  /** Counts the fragments of a block. @param cells which row each barcode belongs to */
  add(block: FragmentBlock, cells: CellRows): void {
    const rows = cells.of(block.barcodes);
    const { start, end, barcode } = block;
    eachContigRun(block, (code, from, to) => {
      const contig = this.#contigOf(block.contigs[code]!);
      let fragments = 0;
      for (let i = from; i < to; i++) {
        const row = rows[barcode[i]!]!;
        if (row < 0) continue;
        fragments++;
        this.#count(contig, row, Math.trunc(start[i]! / this.#width));
        this.#count(contig, row, Math.trunc((end[i]! - 1) / this.#width));
      }
      this.#ofCells += fragments;
      this.#ofOthers += to - from - fragments;
      this.#tally.add(block.contigs[code]!, true, 2 * fragments, 2 * fragments);
    });
  }

  #count(contig: WindowedContig, row: number, window: number): void {
    if (window >= contig.seen.length) {
      const wider = new Uint8Array(Math.min(this.#perContig, 2 * window + 1024));
      wider.set(contig.seen);
      contig.seen = wider;
    }
    contig.seen[window] = 1;
    this.#hits.add(row, contig.number * this.#perContig + window);
  }

  #contigOf(name: string): WindowedContig {
    const key = contigKey(name);
    let contig = this.#contigs.get(key);
    if (contig === undefined) {
      contig = { name, number: this.#contigs.size, seen: new Uint8Array(0) };
      if ((contig.number + 1) * this.#perContig > 2 ** 32) {
        throw new RangeError(`WindowCounter: ${contig.number + 1} contigs with windows of ${this.#width} bases`);
      }
      this.#contigs.set(key, contig);
    }
    return contig;
  }

  /** What was counted; can be asked for once. @param rows number of cells */
  async result(rows: number, { store, signal }: LongWork = {}): Promise<WindowCounts> {
    const windows: Interval[] = [];
    const columnOf = new Map<number, Int32Array>();
    for (const { name, number, seen } of [...this.#contigs.values()].sort((a, b) => compareContigs(a.name, b.name))) {
      const columns = new Int32Array(seen.length);
      seen.forEach((hit, k) => {
        if (hit === 0) return;
        columns[k] = windows.length;
        windows.push({ contig: name, start: k * this.#width, end: (k + 1) * this.#width });
      });
      columnOf.set(number, columns);
    }
    const pieces = this.#renumbered(this.#hits.pieces(rows, signal), columnOf, windows.length);
    const shape = { rows, columns: windows.length, stored: null };
    const share: ShareUsed = this.#tally.result();
    return {
      windows,
      matrix: await collectRows(pieces, shape, store, signal),
      share,
      fragments: { ofCells: this.#ofCells, ofOthers: this.#ofOthers },
    };
  }

  async *#renumbered(
    pieces: Iterable<CsrMatrix>,
    columnOf: ReadonlyMap<number, Int32Array>,
    columns: number,
  ): AsyncGenerator<CsrMatrix, void, void> {
    for (const piece of pieces) {
      const { rows, indptr, indices, values } = piece;
      for (let p = 0; p < indices.length; p++) {
        const contig = Math.trunc(indices[p]! / this.#perContig);
        indices[p] = columnOf.get(contig)![indices[p]! - contig * this.#perContig]!;
      }
      for (let row = 0; row < rows; row++) sortRow(indices, values, indptr[row]!, indptr[row + 1]!);
      yield { ...piece, columns };
    }
  }
}
