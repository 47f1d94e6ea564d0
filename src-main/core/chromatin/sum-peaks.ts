import { AppError } from '../base/app-error.ts';
import type { SparseRows } from '../data/sparse-rows.ts';
import type { ShareUsed } from './contig-runs.ts';
import type { LongWork } from './gene-activity.ts';
import { type Interval, IntervalIndex } from './interval-index.ts';
import type { PeakCounts } from './peak-activity.ts';
import { sharePlaces, weightMatrix } from './peak-weights.ts';
import { productOfRows } from './row-product.ts';

export interface SumOptions extends LongWork {
  /**
   * How a peak counts that lies only partly in a place. `whole`: with all its counts, for every place that it shares a base
   * with, so that a peak across two places counts twice. `bases`: with the share of its bases that lies in the place, so
   * that counts are split, not repeated. Default `whole`.
   */
  readonly partial?: 'whole' | 'bases';
}

/** Counts of one study in other places. */
export interface SummedPeaks {
  /** [cells, places] */
  readonly matrix: SparseRows;
  /** Counts in peaks that lie in a place, and all of them. */
  readonly share: ShareUsed;
}

/**
 * Brings a peak matrix to other places (the peaks of the reference, windows) where there are no fragments to count anew:
 * each place gets the sum of the peaks that overlap it. A way for want of fragments: a peak of the query that is wider
 * than that of the reference brings counts from outside it, a narrower one misses some.
 *
 * @param places column j of the result is `places[j]`
 * @param names what the places belong to, for the message
 * @throws AppError `chromatin.peaks-do-not-overlap` if no peak lies in a place; `chromatin.peaks-not-of-matrix`
 */
export async function sumPeaks(
  { name, matrix, peaks }: PeakCounts,
  places: readonly Interval[],
  names: { readonly reference: string },
  { partial = 'whole', ...work }: SumOptions = {},
): Promise<SummedPeaks> {
  if (peaks.length !== matrix.columns) {
    throw new AppError('chromatin.peaks-not-of-matrix', { study: name, features: matrix.columns, peaks: peaks.length });
  }
  const index = new IntervalIndex(places);
  const weights = weightMatrix(peaks, places.length, ({ contig, start, end }, add) =>
    index.overlapping(contig, start, end, (j) => {
      const inside = Math.min(end, places[j]!.end) - Math.max(start, places[j]!.start);
      add(j, partial === 'whole' ? 1 : inside / (end - start));
    }),
  );
  if (weights.values.length === 0) {
    throw new AppError('chromatin.peaks-do-not-overlap', {
      reference: names.reference,
      query: name,
      peaks: peaks.length,
    });
  }
  const { product, columnSums } = await productOfRows(matrix, weights, work);
  return { matrix: product, share: sharePlaces(peaks, weights, columnSums, places) };
}
