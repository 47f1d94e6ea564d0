import type { CsrMatrix } from '../data/csr-matrix.ts';
import { ShareTally, type ShareUsed } from './contig-runs.ts';
import { contigKey } from './contigs.ts';
import type { Interval } from './interval-index.ts';
import { RowSums } from './row-sums.ts';

/**
 * How much each peak counts for each feature: [peaks, features], made of what `of` adds for a peak. Weights are
 * float32; weights added twice for one feature are summed.
 */
export function weightMatrix(
  peaks: readonly Interval[],
  features: number,
  of: (peak: Interval, add: (feature: number, weight: number) => void) => void,
): CsrMatrix {
  const sums = new RowSums(features);
  const add = (feature: number, weight: number): void => sums.add(feature, weight);
  for (const peak of peaks) {
    of(peak, add);
    sums.endRow();
  }
  return sums.take();
}

/**
 * The share of all counts that lies in peaks with a weight, per contig of the peaks.
 *
 * @param weights [peaks, features]
 * @param peakSums [peaks] counts of each peak over all cells
 * @param features their contigs are the known ones
 */
export function sharePlaces(
  peaks: readonly Interval[],
  weights: CsrMatrix,
  peakSums: Float64Array,
  features: readonly Interval[],
): ShareUsed {
  const known = new Set(Array.from(new Set(features.map(({ contig }) => contig)), contigKey));
  const tally = new ShareTally();
  peaks.forEach(({ contig }, i) => {
    const used = weights.indptr[i + 1]! > weights.indptr[i]!;
    tally.add(contig, known.has(contigKey(contig)), peakSums[i]!, used ? peakSums[i]! : 0);
  });
  return tally.result();
}
