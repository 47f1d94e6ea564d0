import { basename } from 'node:path';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { Study } from '#core/data/study';
import { stackStudies } from '#core/prepare/stack-studies';
import { activityOfPeaks } from '../chromatin/activity-of-peaks.ts';
import { type ChromatinSide, fragmentSide, peakSide } from '../chromatin/chromatin-side.ts';
import { countedSamples, type SideWork } from '../chromatin/counted-samples.ts';
import { areFragments, chosenColumns, type FragmentColumns, windowWidth } from '../chromatin/fragment-columns.ts';
import { readPeaks } from '../chromatin/read-peaks.ts';
import type { StudyChoice } from '../inspect/repair.ts';
import { lessBy } from '../less-by.ts';
import { readStudy } from '../read-study.ts';

/** A side as far as it can be read without knowing the other. */
export interface OpenSide {
  /** Null for fragments, which are counted once it is known in what. */
  readonly study: Study | null;
  /** Null where it is genes, or was chosen to be. */
  readonly chromatin: ChromatinSide | null;
  readonly notes: readonly PreparationNote[];
}

/**
 * Reads a side as far as it can be read without knowing the other: fragments whose columns were not chosen are not counted yet.
 * Throws what `readStudy`, `countedSamples` and `stackStudies` throw.
 */
export async function openSide(choices: readonly StudyChoice[], work: SideWork): Promise<OpenSide> {
  const { signal, store, labelColumn, progress } = work;
  const [first] = choices as [StudyChoice, ...StudyChoice[]];
  if (await areFragments(choices)) {
    const chosen = chosenColumns(first);
    if (chosen === null) return { study: null, chromatin: fragmentSide(choices, work), notes: [] };
    if (chosen.kind === 'gene-activity') return { study: null, chromatin: null, notes: [] };
    const { study, notes } = await countedSamples(choices, chosen, null, work);
    return { study, chromatin: peakSide(study, first), notes };
  }
  const studies: Study[] = [];
  for (const choice of choices) {
    studies.push(
      await readStudy(choice, {
        signal,
        labelColumn,
        store: store && lessBy(store, studies),
        progress: (f) => progress?.((studies.length + f) / choices.length),
      }),
    );
  }
  const study = stackStudies(studies);
  return { study, chromatin: peakSide(study, first), notes: notUsed(choices) };
}

/** What was named for the counting of fragments where there are none. */
function notUsed(choices: readonly StudyChoice[]): PreparationNote[] {
  const notes = choices.flatMap(({ path, chromatin }) =>
    [chromatin?.barcodes, chromatin?.peaks]
      .filter((file) => file !== undefined)
      .map((file) => `${basename(file)} was not used: ${basename(path)} holds no fragments.`),
  );
  return [...new Set(notes)].map((text) => ({ step: 'counting', text, severity: 'warning' }));
}

export interface SideAsGenes {
  readonly study: Study;
  /** What its graph is made from, if that is asked for and there is something better than genes. */
  readonly peaks?: Study;
  readonly notes: readonly PreparationNote[];
}

/**
 * A side as genes: fragments counted, peaks summed, others as they are. Throws what `countedSamples` and `activityOfPeaks` throw.
 *
 * @param graph whether what its neighbour graph is made from is asked for: its peaks, or its fragments in the peaks that came
 *   with them or else in windows
 */
export async function asGenes(
  { study, chromatin, notes }: OpenSide,
  choices: readonly StudyChoice[],
  graph: boolean,
  work: SideWork,
): Promise<SideAsGenes> {
  if (study === null) {
    const columns = chosenColumns(choices[0]!) ?? { kind: 'gene-activity', weighted: false };
    const { also, ...made } = await countedSamples(
      choices,
      columns,
      graph ? await forGraph(choices, work) : null,
      work,
    );
    return also === null ? made : { ...made, peaks: also };
  }
  if (chromatin === null) return { study, notes };
  const { signal, store } = work;
  const made = await activityOfPeaks(await chromatin.asPeaks(), { annotation: chromatin.annotation, signal, store });
  const whole = { study: made.study, notes: [...notes, ...made.notes] };
  return graph ? { ...whole, peaks: study } : whole;
}

/** What the cells of fragments are also counted in for their graph: the peaks that came with them, else windows. */
async function forGraph([first]: readonly StudyChoice[], { signal }: SideWork): Promise<FragmentColumns> {
  const path = first!.chromatin?.peaks;
  if (path === undefined) return { kind: 'windows', width: windowWidth };
  return { kind: 'peaks', peaks: await readPeaks(path, signal) };
}
