import type { CancelSignal } from '#core/base/cancel';
import { FragmentReading } from './fragment-reading.ts';

/** One sequenced fragment, 0-based half-open. */
export interface Fragment {
  readonly contig: string;
  readonly start: number;
  readonly end: number;
  readonly barcode: string;
}

/**
 * The fragments of a file one after the other, in file order, for work where speed does not matter; see
 * `FragmentReading` for blocks, the report, and what is thrown.
 */
export async function* readFragments(path: string, signal?: CancelSignal): AsyncGenerator<Fragment> {
  for await (const block of new FragmentReading(path, { signal })) {
    for (let i = 0; i < block.length; i++) {
      yield {
        contig: block.contigs[block.contig[i]!]!,
        start: block.start[i]!,
        end: block.end[i]!,
        barcode: block.barcodes[block.barcode[i]!]!,
      };
    }
  }
}
