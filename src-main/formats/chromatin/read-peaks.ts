import type { CancelSignal } from '#core/base/cancel';
import type { Interval } from '#core/chromatin/interval-index';
import { placeKey } from '#core/chromatin/peak-sets';
import { readIntervals } from '../intervals/read-intervals.ts';

/**
 * The peaks of a BED or narrowPeak file that fragments are counted in, in its order, each place once: callers of peaks write
 * a place again for every summit in it. Throws what `readIntervals` throws.
 */
export async function readPeaks(path: string, signal: CancelSignal | undefined): Promise<readonly Interval[]> {
  const { intervals } = await readIntervals(path, { signal });
  const places = new Map<string, Interval>();
  for (const interval of intervals) {
    const key = placeKey(interval);
    if (!places.has(key)) places.set(key, interval);
  }
  return [...places.values()];
}
