import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { HarmoniseSide } from '#core/chromatin/harmonise-plan';
import type { Interval } from '#core/chromatin/interval-index';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { Study } from '#core/data/study';
import type { StudyChoice } from '../inspect/repair.ts';
import { placesOfPeaks } from './activity-of-peaks.ts';
import { buildOfSide } from './chosen-genes.ts';
import { countedSamples, type SideWork } from './counted-samples.ts';
import type { FragmentColumns } from './fragment-columns.ts';
import { lookAtFragments } from './look-at-fragments.ts';
import { type PeakStudy, peakStudy } from './peak-study.ts';
import { readPeaks } from './read-peaks.ts';

export type { SideWork } from './counted-samples.ts';

/** One side of a pair of studies of open chromatin: fragments that can be counted anew, or peaks as they are. */
export interface ChromatinSide {
  readonly name: string;
  readonly hasFragments: boolean;
  /** What the person said of the genes. */
  readonly annotation: string | undefined;
  /** What came up while counting. */
  readonly notes: readonly PreparationNote[];
  /** What is known of it before anything is counted. */
  facts(): Promise<HarmoniseSide>;
  /** Its peaks: those of the matrix, or fragments counted in the peaks that came with them. */
  asPeaks(): Promise<PeakStudy>;
  /** Its fragments, counted. */
  count(columns: FragmentColumns): Promise<Study>;
}

/** A side of fragments: one file or several samples, whose cells are stacked. */
export function fragmentSide(choices: readonly StudyChoice[], work: SideWork): ChromatinSide {
  const [first] = choices as [StudyChoice, ...StudyChoice[]];
  const notes: PreparationNote[] = [];
  const name = choices.map(({ path }) => basename(path)).join(' + ');
  const annotation = first.chromatin?.annotation;
  let own: Promise<readonly Interval[]> | undefined;
  const peaksOf = (path: string): Promise<readonly Interval[]> => (own ??= readPeaks(path, work.signal));
  let known: Promise<HarmoniseSide> | undefined;
  const count = async (columns: FragmentColumns): Promise<Study> => {
    const { study, notes: found } = await countedSamples(choices, columns, null, work);
    notes.push(...found);
    return study;
  };
  return {
    name,
    hasFragments: true,
    annotation,
    notes,
    facts: () =>
      (known ??= (async () => {
        const { places, report } = await lookAtFragments(first.path, { signal: work.signal });
        const genome = await buildOfSide(annotation, { name: basename(first.path), places, headers: report.headers });
        const path = first.chromatin?.peaks;
        return { name, ...genome, peaks: path === undefined ? null : await peaksOf(path), hasFragments: true };
      })()),
    async asPeaks() {
      const peaks = await peaksOf(first.chromatin!.peaks!);
      return { study: await count({ kind: 'peaks', peaks }), peaks };
    },
    count,
  };
}

/** A side that is a matrix of peaks; null where the columns of the study name no places. */
export function peakSide(study: Study, choice: StudyChoice): ChromatinSide | null {
  const side = peakStudy(study);
  if (side === null) return null;
  const annotation = choice.chromatin?.annotation;
  const { name } = study;
  let known: Promise<HarmoniseSide> | undefined;
  return {
    name,
    hasFragments: false,
    annotation,
    notes: [],
    facts: () =>
      (known ??= (async () => {
        const genome = await buildOfSide(annotation, placesOfPeaks(name, side.peaks));
        return { name, ...genome, peaks: side.peaks, hasFragments: false };
      })()),
    asPeaks: () => Promise.resolve(side),
    count: () =>
      Promise.reject(
        new AppError('chromatin.way-not-possible', {
          way: 'recount',
          says: `There are no fragments of ${name}.`,
          suggested: 'sum-overlapping',
        }),
      ),
  };
}
