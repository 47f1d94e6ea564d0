import { Random } from '#core/base/random';
import type { Interval } from '#core/chromatin/interval-index';
import type { TextFragment } from '#test/support/fragment-blocks';

/** Barcodes as a 10x chip has them: the number written in bases, 16 of them. */
export function barcodeOf(number: number): string {
  return (
    Array.from({ length: 16 }, (_, i) => 'ACGT'[(Math.imul(number + 1, 2_654_435_761) >>> (2 * i)) & 3]).join('') + '-1'
  );
}

export interface SmallFragments {
  readonly count: number;
  readonly barcodes: number;
  readonly seed: number;
  readonly contigs?: readonly string[];
  /** Starts lie below it. Default 20 000. */
  readonly span?: number;
}

/** A few fragments anywhere, in no order; the deeper barcodes come first. */
export function smallFragments(of: SmallFragments): TextFragment[] {
  const { count, barcodes, seed, contigs = ['chr1', 'chr2'], span = 20_000 } = of;
  const random = Random.forPurpose(seed, 'small fragments');
  return Array.from({ length: count }, () => {
    const start = random.below(span);
    const barcode = barcodeOf(Math.min(random.below(barcodes), random.below(barcodes)));
    return { contig: contigs[random.below(contigs.length)]!, start, end: start + 1 + random.below(400), barcode };
  });
}

/** The fragments as a file has them, with five columns. */
export function fragmentLines(fragments: readonly TextFragment[]): string {
  return fragments.map(({ contig, start, end, barcode }) => `${contig}\t${start}\t${end}\t${barcode}\t1\n`).join('');
}

/** [cells][intervals] insertions of each cell in each interval, counted one by one. */
export function insertionsIn(
  fragments: readonly TextFragment[],
  cells: readonly string[],
  intervals: readonly Interval[],
): number[][] {
  return cells.map((cell) =>
    intervals.map(({ contig, start, end }) => {
      let sum = 0;
      for (const fragment of fragments) {
        if (fragment.barcode !== cell || fragment.contig !== contig) continue;
        for (const at of [fragment.start, fragment.end - 1]) if (at >= start && at < end) sum++;
      }
      return sum;
    }),
  );
}
