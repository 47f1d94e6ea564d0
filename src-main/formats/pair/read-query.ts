import { AppError } from '#core/base/app-error';
import type { Interval } from '#core/chromatin/interval-index';
import { areFragments } from '../chromatin/fragment-columns.ts';
import type { SideWork } from '../chromatin/counted-samples.ts';
import { parsePeakName } from '../intervals/parse-peak-name.ts';
import { asGenes, openSide } from './open-side.ts';
import { readQueryPeaks, withOwnPeaks } from './query-peaks.ts';
import type { PairChoice, ReadPair, ReadPairOptions } from './read-pair.ts';

export interface QueryWanted {
  /** Names of the peaks that its features shall be; null for genes. */
  readonly peaks: readonly string[] | null;
  /** Whether what its neighbour graph is made from is asked for. */
  readonly graph: boolean;
}

/**
 * Reads a query that has no reference beside it, on the kind of features that are wanted: fragments are counted in the peaks, or
 * into gene activity; peaks are summed into gene activity. Everything else stays as it is, whether it fits or not.
 *
 * Throws what `openSide`, `asGenes` and `readQueryPeaks` throw, and `chromatin.model-peaks-without-places` where fragments are to be
 * counted in peaks whose names are no places.
 */
export async function readQuery(
  { query, queryPeaks, truth }: Pick<PairChoice, 'query' | 'queryPeaks' | 'truth'>,
  wanted: QueryWanted,
  { signal, store, called, progress }: ReadPairOptions = {},
): Promise<Omit<ReadPair, 'reference'>> {
  const work: SideWork = {
    ...{ signal, store, called, labelColumn: truth },
    progress: (fraction) => progress?.(fraction, 'Reading the query'),
  };
  if (wanted.peaks !== null) {
    const side = await openSide(query, work);
    if (side.study !== null) return { query: side.study, notes: side.notes };
    const { chromatin } = side;
    if (chromatin !== null) {
      const study = await chromatin.count({ kind: 'peaks', peaks: wanted.peaks.map(placeOf) });
      return { query: study, notes: [...side.notes, ...chromatin.notes] };
    }
    const { study, notes } = await asGenes(side, query, false, work);
    return { query: study, notes };
  }
  const own = await withOwnPeaks(query, queryPeaks);
  const side = await openSide(own ?? query, work);
  const inPass = queryPeaks === undefined || (own !== null && (await areFragments(query)));
  const made = await asGenes(side, own ?? query, wanted.graph && inPass, work);
  const peaks =
    inPass || !wanted.graph ? made.peaks : await readQueryPeaks(queryPeaks, made.study, query, { signal, store });
  return { query: made.study, ...(peaks === undefined ? {} : { queryPeaks: peaks }), notes: made.notes };
}

function placeOf(name: string): Interval {
  const place = parsePeakName(name);
  if (place === null) throw new AppError('chromatin.model-peaks-without-places', { example: name });
  return place;
}
