import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { CancelSignal } from '#core/base/cancel';
import type { ChainMap } from '#core/chromatin/chain-map';
import { type HarmonisePlan, planHarmonise } from '#core/chromatin/harmonise-plan';
import type { Interval } from '#core/chromatin/interval-index';
import { placeKey, unionPeaks, windowsOver } from '#core/chromatin/peak-sets';
import { sumPeaks } from '#core/chromatin/sum-peaks';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { HarmoniseWay } from '#core/data/harmonise-way';
import type { RowStore } from '#core/data/sparse-rows';
import type { Study } from '#core/data/study';
import { activityOfPeaks } from './activity-of-peaks.ts';
import type { ChromatinSide } from './chromatin-side.ts';
import { placeFeatures } from './column-counter.ts';
import { type FragmentColumns, windowWidth } from './fragment-columns.ts';
import { type ChainEnds, chainBetween, lifted, liftedStudy } from './lift-study.ts';
import { type PeakStudy, takeStudyColumns } from './peak-study.ts';
import { shareNotes } from './share-notes.ts';

export interface HarmoniseOptions {
  /** `auto`: the way that is suggested. */
  readonly way: HarmoniseWay | 'auto';
  /** Leads from the genome of the query to that of the reference. */
  readonly chain?: string | undefined;
  readonly signal?: CancelSignal | undefined;
  readonly store?: RowStore | undefined;
}

/** Two studies on the same features. */
export interface HarmonisedPair {
  readonly way: HarmoniseWay;
  readonly plan: HarmonisePlan;
  readonly reference: Study;
  readonly query: Study;
  readonly notes: readonly PreparationNote[];
}

/**
 * How two studies of open chromatin can come to the same features, before anything is counted (`planHarmonise`).
 * @throws AppError `chromatin.builds-differ`
 */
export async function harmonisePlan(
  reference: ChromatinSide,
  query: ChromatinSide,
  chain: boolean,
): Promise<HarmonisePlan> {
  return planHarmonise(await reference.facts(), await query.facts(), chain);
}

/**
 * Brings two studies of open chromatin to the same features, by the way that is named or suggested.
 *
 * @throws AppError `chromatin.builds-differ`, `chromatin.way-not-possible` with what is missing, what the counting throws,
 *   and `Cancelled`
 */
export async function harmoniseStudies(
  reference: ChromatinSide,
  query: ChromatinSide,
  { way: wanted, chain, ...work }: HarmoniseOptions,
): Promise<HarmonisedPair> {
  const activity = wanted === 'gene-activity'; // needs no common genome
  const plan = await harmonisePlan(reference, query, chain !== undefined || activity);
  const way = wanted === 'auto' ? plan.suggested : wanted;
  const offered = plan.ways.find((offer) => offer.way === way)!;
  if (!offered.possible)
    throw new AppError('chromatin.way-not-possible', { way, says: offered.says, suggested: plan.suggested });
  const notes: PreparationNote[] = [
    { step: 'harmonise', text: offered.says, severity: 'info' },
    ...plan.warnings.map((text): PreparationNote => ({ step: 'harmonise', text, severity: 'warning' })),
  ];
  const lifts = plan.lift !== 'nothing' && (way === 'recount' || way === 'sum-overlapping');
  const ends = { query: (await query.facts()).build, reference: (await reference.facts()).build };
  // where fragments are counted, the places of the reference go to the genome of the query, else the other way round
  const map = lifts ? await chainBetween(chain!, ends, way === 'recount', work.signal) : null;
  if (chain !== undefined && !lifts) notes.push(chainNotUsed(chain, ends, way));
  const sides = await onSameFeatures(way, reference, query, map, work, notes);
  const said = new Map([...notes, ...reference.notes, ...query.notes].map((note) => [note.text, note]));
  return { way, plan, ...sides, notes: [...said.values()] };
}

function chainNotUsed(chain: string, { query, reference }: ChainEnds, way: HarmoniseWay): PreparationNote {
  const why = query !== null && query === reference ? `both lie on ${query}` : `${way} needs none`;
  return { step: 'harmonise', text: `The chain file ${basename(chain)} was not used: ${why}.`, severity: 'info' };
}

type Work = Pick<HarmoniseOptions, 'signal' | 'store'>;
type Sides = Pick<HarmonisedPair, 'reference' | 'query'>;

async function onSameFeatures(
  way: HarmoniseWay,
  reference: ChromatinSide,
  query: ChromatinSide,
  map: ChainMap | null,
  work: Work,
  notes: PreparationNote[],
): Promise<Sides> {
  switch (way) {
    case 'same-peaks': {
      const [own, theirs] = [await reference.asPeaks(), await query.asPeaks()];
      const spelled = new Map(own.peaks.map((peak) => [placeKey(peak), peak]));
      const places = theirs.peaks.map((peak) => spelled.get(placeKey(peak)) ?? peak);
      return {
        reference: { ...own.study, ...placeFeatures(own.peaks) },
        query: { ...theirs.study, ...placeFeatures(places) },
      };
    }
    case 'recount': {
      const own = await reference.asPeaks();
      const whole = { ...own.study, ...placeFeatures(own.peaks) };
      if (map === null) return { reference: whole, query: await query.count({ kind: 'peaks', peaks: own.peaks }) };
      const back = lifted(own, map, notes);
      const kept = takeStudyColumns(whole, back.source);
      const counted = await query.count({ kind: 'peaks', peaks: back.peaks });
      // named as in the reference, whatever the coordinates in the query's genome
      return { reference: kept, query: { ...counted, features: kept.features } };
    }
    case 'union': {
      const peaks = unionPeaks([(await reference.facts()).peaks!, (await query.facts()).peaks!]);
      const columns: FragmentColumns = { kind: 'peaks', peaks };
      return { reference: await reference.count(columns), query: await query.count(columns) };
    }
    case 'sum-overlapping': {
      const own = await reference.asPeaks();
      const theirs = await query.asPeaks();
      const moved = map === null ? theirs : liftedStudy(theirs, map, notes);
      const summed = await summedInto(moved, own.peaks, own.study.name, 'whole', work, notes);
      return { reference: { ...own.study, ...placeFeatures(own.peaks) }, query: summed };
    }
    case 'windows': {
      const known = [await reference.facts(), await query.facts()].flatMap(({ peaks }) =>
        peaks === null ? [] : [peaks],
      );
      const over = windowsOver(known, windowWidth);
      const windows = async (side: ChromatinSide, other: ChromatinSide): Promise<Study> =>
        side.hasFragments
          ? side.count({ kind: 'windows', width: windowWidth })
          : summedInto(await side.asPeaks(), over, other.name, 'bases', work, notes);
      return { reference: await windows(reference, query), query: await windows(query, reference) };
    }
    case 'gene-activity': {
      const activity = async (side: ChromatinSide): Promise<Study> => {
        if (side.hasFragments) return side.count({ kind: 'gene-activity', weighted: false });
        const made = await activityOfPeaks(await side.asPeaks(), { annotation: side.annotation, ...work });
        notes.push(...made.notes);
        return made.study;
      };
      return { reference: await activity(reference), query: await activity(query) };
    }
  }
}

async function summedInto(
  { study, peaks }: PeakStudy,
  places: readonly Interval[],
  reference: string,
  partial: 'whole' | 'bases',
  work: Work,
  notes: PreparationNote[],
): Promise<Study> {
  const source = { name: study.name, matrix: study.matrix, peaks };
  const { matrix, share } = await sumPeaks(source, places, { reference }, { partial, ...work });
  notes.push(...shareNotes(study.name, { share, columns: partial === 'bases' ? 'windows' : 'peaks' }, null));
  const counts = study.valueKind === 'binary' ? 'counts' : study.valueKind; // sums of ones are counts
  return { ...study, ...placeFeatures(places), valueKind: counts, matrix };
}
