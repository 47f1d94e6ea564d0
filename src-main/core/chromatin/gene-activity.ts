import type { CancelSignal } from '../base/cancel.ts';
import type { RowStore, SparseRows } from '../data/sparse-rows.ts';
import type { CellRows } from './cell-rows.ts';
import { requireCommonContig, type ShareUsed } from './contig-runs.ts';
import type { FragmentBlock } from './fragment-block.ts';
import { type GeneModel, genesToCount, withUpstream } from './gene-model.ts';
import { type CountUnit, IntervalCounter } from './interval-counter.ts';

export type { GeneModel } from './gene-model.ts';

export interface BodyOptions {
  /** Bases before the start of transcription that count as the gene. Default 2 000. */
  readonly upstream?: number;
  /** Genes whose body is wider than this are left out. Default 500 000. */
  readonly widest?: number;
  /** Default `insertions`. */
  readonly unit?: CountUnit;
}

/** What long work may be given: a store for rows that are too many for memory, and a signal to stop. */
export interface LongWork {
  readonly store?: RowStore | undefined;
  readonly signal?: CancelSignal | undefined;
}

/** Gene activity of cells, by whichever model and from whatever source. */
export interface GeneActivity {
  /** [genes] what each column stands for, by contig, start and name; no name twice. */
  readonly genes: readonly GeneModel[];
  /** [cells, genes]. Genes that nothing lies in are kept, so that samples stay comparable. */
  readonly matrix: SparseRows;
  /** Insertions (peak counts, where there were no fragments) that lie in a gene, and all of them. */
  readonly share: ShareUsed;
}

/** Gene activity counted from fragments. */
export interface CountedActivity extends GeneActivity {
  /** Fragments of the cells, and fragments whose barcode is no cell. */
  readonly fragments: { readonly ofCells: number; readonly ofOthers: number };
}

/** Takes fragments and gives gene activity; both models are used in the same way. */
export interface ActivityCounter {
  /** Counts the fragments of a block. @param cells which row each barcode belongs to */
  add(block: FragmentBlock, cells: CellRows): void;
  /**
   * The activity of all that was added. Can be asked for once.
   * @param rows number of cells
   * @throws AppError `chromatin.no-contig-in-common` if the annotation has none of the contigs of the fragments
   */
  result(rows: number, work?: LongWork): Promise<CountedActivity>;
}

/**
 * Counts insertions in gene bodies and their promoters: body + 2 kb upstream by strand, the longest of the entries of
 * one name, genes wider than 500 kb left out (the gene activity of Signac, Stuart et al. 2021,
 * doi:10.1038/s41592-021-01282-5, which counts fragments; `unit: 'fragments'` comes closest to it). Both ends of a
 * fragment are insertions, its start and the last base before its end. An insertion in two genes counts for both.
 *
 * Feed blocks by `add`, in any order, then ask for the `result`: counts. Memory follows the hits, not cells × genes.
 *
 * @throws AppError `chromatin.no-genes` if the annotation has no gene to count for
 */
export class GeneActivityCounter implements ActivityCounter {
  readonly #genes: readonly GeneModel[];
  readonly #counter: IntervalCounter;

  constructor(models: readonly GeneModel[], { upstream = 2000, widest, unit }: BodyOptions = {}) {
    this.#genes = genesToCount(models, widest);
    this.#counter = new IntervalCounter(
      this.#genes.map((gene) => withUpstream(gene, upstream)),
      unit,
    );
  }

  add(block: FragmentBlock, cells: CellRows): void {
    this.#counter.add(block, cells);
  }

  async result(rows: number, work?: LongWork): Promise<CountedActivity> {
    const counts = await this.#counter.result(rows, work);
    requireCommonContig(counts.share, { counted: 'The fragments', intervals: 'the gene list' }, this.#genes);
    return { genes: this.#genes, ...counts };
  }
}
