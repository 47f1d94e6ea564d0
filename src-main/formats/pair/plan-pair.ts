import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { CancelSignal } from '#core/base/cancel';
import { buildsDiffer } from '#core/chromatin/genome-builds';
import { type HarmonisePlan, type HarmoniseSide, planHarmonise } from '#core/chromatin/harmonise-plan';
import { placesOfPeaks } from '../chromatin/activity-of-peaks.ts';
import { fragmentSide } from '../chromatin/chromatin-side.ts';
import { buildOfSide } from '../chromatin/chosen-genes.ts';
import { areFragments } from '../chromatin/fragment-columns.ts';
import { peakPlaces } from '../chromatin/peak-study.ts';
import type { StudyChoice } from '../inspect/repair.ts';
import { readStudyTables } from '../read-study.ts';
import { withOwnPeaks } from './query-peaks.ts';
import type { PairChoice } from './read-pair.ts';

/**
 * What is known of the open chromatin of a side before its matrix is read: its places and its genome. Null for a side that is
 * neither fragments nor peaks. Throws what `readStudyTables` and `lookAtFragments` throw.
 */
export async function chromatinFacts(
  choices: readonly StudyChoice[],
  signal?: CancelSignal,
): Promise<HarmoniseSide | null> {
  if (await areFragments(choices)) return fragmentSide(choices, { signal }).facts();
  const [first] = choices as [StudyChoice, ...StudyChoice[]];
  const tables = await readStudyTables(first, { signal });
  const peaks = tables.modality === 'peaks' ? peakPlaces(tables.features) : null;
  if (peaks === null) return null;
  const genome = await buildOfSide(first.chromatin?.annotation, placesOfPeaks(tables.name, peaks));
  return { name: tables.name, ...genome, peaks, hasFragments: false };
}

/**
 * How two studies of open chromatin can come to the same features, before anything is counted. A BED file of peaks for a
 * query of fragments is among its facts, as in the run. Builds that differ leave gene activity alone, if that was asked for.
 * @throws AppError `chromatin.not-chromatin` for a side that is neither fragments nor peaks, `chromatin.builds-differ`
 */
export async function planPair(pair: PairChoice, signal?: CancelSignal): Promise<HarmonisePlan> {
  const own = await withOwnPeaks(pair.query, pair.queryPeaks);
  const { reference, query } = await requireChromatin(pair.reference, own ?? pair.query, signal);
  const chain = pair.chain !== undefined;
  if (chain || pair.harmonise !== 'gene-activity' || !buildsDiffer(reference.build, query.build)) {
    return planHarmonise(reference, query, chain);
  }
  const { ways, ...plan } = planHarmonise(reference, query, true);
  const left = ways.map((offer) =>
    offer.way === 'gene-activity' ? offer : { ...offer, possible: false, says: 'The builds differ.' },
  );
  return { ...plan, ways: left, suggested: 'gene-activity', lift: 'nothing' };
}

/** What is known of both sides. @throws AppError `chromatin.not-chromatin` */
export async function requireChromatin(
  reference: readonly StudyChoice[],
  query: readonly StudyChoice[],
  signal?: CancelSignal,
): Promise<{ readonly reference: HarmoniseSide; readonly query: HarmoniseSide }> {
  const facts = async (side: 'reference' | 'query', choices: readonly StudyChoice[]): Promise<HarmoniseSide> => {
    const known = await chromatinFacts(choices, signal);
    if (known === null) throw new AppError('chromatin.not-chromatin', { file: basename(choices[0]!.path), side });
    return known;
  };
  return { reference: await facts('reference', reference), query: await facts('query', query) };
}
