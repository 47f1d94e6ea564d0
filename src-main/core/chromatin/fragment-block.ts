/**
 * Many fragments at once, as columns: what the fragment reader hands out and the counters take in.
 *
 * A fragment is 0-based and half-open, start ≤ base < end, 0 ≤ start < end ≤ 2³¹ − 1; its two insertions are `start`
 * and `end` − 1. Fragment i lies on `contigs[contig[i]]` and belongs to `barcodes[barcode[i]]`.
 *
 * The two tables are shared by all blocks of one reading: they grow from block to block, what was in them keeps its
 * number. The columns belong to the block alone; whoever gets it may keep, change or transfer them.
 */
export interface FragmentBlock {
  /** How many fragments the block holds; every column has this length. At least 1. */
  readonly length: number;
  /** Names as the file writes them, in the order in which they first appear. */
  readonly contigs: readonly string[];
  readonly barcodes: readonly string[];
  readonly contig: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly barcode: Int32Array;
  /** Reads per fragment, the fifth column; null where the file has four. Insertions are counted once whatever it says. */
  readonly count: Float32Array | null;
}
