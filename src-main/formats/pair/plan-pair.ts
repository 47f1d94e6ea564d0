import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { CancelSignal } from '#core/base/cancel';
import { buildName } from '#core/chromatin/genome-builds';
import { type HarmonisePlan, type HarmoniseSide, planHarmonise } from '#core/chromatin/harmonise-plan';
import { placesOfPeaks } from '../chromatin/activity-of-peaks.ts';
import { fragmentSide } from '../chromatin/chromatin-side.ts';
import { sureBuild } from '../chromatin/chosen-genes.ts';
import { areFragments } from '../chromatin/fragment-columns.ts';
import { peakPlaces } from '../chromatin/peak-study.ts';
import { buildNamed } from '../gene-models/shipped-gene-models.ts';
import type { StudyChoice } from '../inspect/repair.ts';
import { readStudyTables } from '../read-study.ts';

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
  const annotation = first.chromatin?.annotation;
  const named = annotation === undefined ? null : buildNamed(basename(annotation));
  const build = named === null ? await sureBuild(placesOfPeaks(tables.name, peaks)) : buildName(named);
  return { name: tables.name, build, peaks, hasFragments: false };
}

/**
 * How two studies of open chromatin can come to the same features, before anything is counted.
 * @throws AppError `chromatin.not-chromatin` for a side that is neither fragments nor peaks, `chromatin.builds-differ`
 */
export async function planPair(
  reference: readonly StudyChoice[],
  query: readonly StudyChoice[],
  chain: boolean,
  signal?: CancelSignal,
): Promise<HarmonisePlan> {
  const sides = await requireChromatin(reference, query, signal);
  return planHarmonise(sides.reference, sides.query, chain);
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
