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

/** Counts of fragments in windows. */
export interface WindowCounts extends IntervalCounts {
  /** [windows] what each column stands for, by contig and start; only windows that something lies in. */
  readonly windows: readonly Interval[];
}

/** Windows that are numbered together, as soon as something lies in one of them. */
const perPage = 256;

interface WindowedContig {
  readonly name: string;
  /** Number of the page that holds windows 256·k …, −1 where nothing lies in them. */
  pages: Int32Array;
  /** The page of the insertion before, which is nearly always that of the next: its place on the contig, number and windows. */
  at: number;
  page: number;
  seen: Uint8Array;
}

/**
 * Counts insertions in fixed windows of the genome, [k·width, (k + 1)·width), without knowing how long its contigs are. The
 * same window has the same place in every study, so that studies are matched by the names of their windows.
 * Used like `IntervalCounter`; memory follows the places that something lies in, not the length of the contigs, of which
 * there may be hundreds of thousands. Windows of 5 000 bases are what SnapATAC began with (Fang et al. 2021,
 * doi:10.1038/s41467-021-21583-9).
 */
export class WindowCounter {
  readonly #width: number;
  readonly #hits = new HitCounts(2 ** 32);
  readonly #tally = new ShareTally();
  readonly #contigs = new Map<string, WindowedContig>();
  /** [pages] 1 for each window that something lies in. */
  readonly #seen: Uint8Array[] = [];
  #ofCells = 0;
  #ofOthers = 0;

  /** @param width of a window in bases, at least 100 */
  constructor(width = 5000) {
    if (!(Number.isInteger(width) && width >= 100)) throw new RangeError(`WindowCounter: a width of ${width}`);
    this.#width = width;
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
    if (window >>> 8 !== contig.at) {
      contig.at = window >>> 8;
      contig.page = this.#pageOf(contig, contig.at);
      contig.seen = this.#seen[contig.page]!;
    }
    contig.seen[window & 255] = 1;
    this.#hits.add(row, contig.page * perPage + (window & 255));
  }

  #pageOf(contig: WindowedContig, k: number): number {
    if (k >= contig.pages.length) {
      const wider = new Int32Array(2 * k + 4).fill(-1);
      wider.set(contig.pages);
      contig.pages = wider;
    }
    const held = contig.pages[k]!;
    if (held >= 0) return held;
    if ((this.#seen.length + 1) * perPage > 2 ** 32) {
      throw new RangeError(`WindowCounter: ${this.#seen.length} pages with windows of ${this.#width} bases`);
    }
    return (contig.pages[k] = this.#seen.push(new Uint8Array(perPage)) - 1);
  }

  #contigOf(name: string): WindowedContig {
    const key = contigKey(name);
    let contig = this.#contigs.get(key);
    if (contig === undefined) {
      contig = { name, pages: new Int32Array(0), at: -1, page: -1, seen: new Uint8Array(0) };
      this.#contigs.set(key, contig);
    }
    return contig;
  }

  /** What was counted; can be asked for once. @param rows number of cells */
  async result(rows: number, { store, signal }: LongWork = {}): Promise<WindowCounts> {
    const windows: Interval[] = [];
    const columnOf = new Array<Int32Array>(this.#seen.length);
    for (const { name, pages } of [...this.#contigs.values()].sort((a, b) => compareContigs(a.name, b.name))) {
      pages.forEach((page, k) => {
        if (page < 0) return;
        columnOf[page] = Int32Array.from(this.#seen[page]!, (hit, i) => {
          if (hit === 0) return -1;
          const start = (k * perPage + i) * this.#width;
          return windows.push({ contig: name, start, end: start + this.#width }) - 1;
        });
      });
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
    columnOf: readonly Int32Array[],
    columns: number,
  ): AsyncGenerator<CsrMatrix, void, void> {
    for (const piece of pieces) {
      const { rows, indptr, indices, values } = piece;
      for (let p = 0; p < indices.length; p++) {
        indices[p] = columnOf[indices[p]! >>> 8]![indices[p]! & 255]!;
      }
      for (let row = 0; row < rows; row++) sortRow(indices, values, indptr[row]!, indptr[row + 1]!);
      yield { ...piece, columns };
    }
  }
}
