import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { CalledCells } from '#core/chromatin/call-cells';
import type { ShareUsed } from '#core/chromatin/contig-runs';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { Study } from '#core/data/study';
import type { StudyChoice } from '../inspect/repair.ts';
import { readStudy } from '../read-study.ts';
import { activityOfPeaks } from './activity-of-peaks.ts';
import type { SideWork } from './chromatin-side.ts';
import { areFragments } from './fragment-columns.ts';
import { peakStudy } from './peak-study.ts';
import { readFragmentsStudy } from './read-fragments-study.ts';

/** Gene activity of one file, with what a person should know of it. */
export interface GeneActivityStudy {
  readonly study: Study;
  /** What was counted and how much of it lies in genes: insertions of fragments, or counts of peaks. */
  readonly share: ShareUsed;
  /** Fragments of cells and of other barcodes; null for peaks. */
  readonly fragments: { readonly ofCells: number; readonly ofOthers: number } | null;
  /** How cells were told; null where they were listed, and for peaks. */
  readonly called: CalledCells | null;
  /** hg38, mm10, …; null where it is not known. */
  readonly build: string | null;
  readonly notes: readonly PreparationNote[];
}

/**
 * Gene activity of a fragments file or of a matrix of peaks, by body + 2 kb upstream or weighted by distance.
 *
 * Throws `chromatin.no-peaks` for a study of something else, and what `readFragmentsStudy`, `readStudy` and
 * `activityOfPeaks` throw.
 */
export async function geneActivityStudy(
  choice: StudyChoice,
  weighted: boolean,
  { signal, store, progress }: SideWork = {},
): Promise<GeneActivityStudy> {
  if (await areFragments([choice])) {
    const columns = { kind: 'gene-activity', weighted } as const;
    return readFragmentsStudy(choice, { signal, store, progress, columns });
  }
  const study = await readStudy(choice, { signal, store, progress });
  const peaks = peakStudy(study);
  if (peaks === null) {
    const features = study.features.ids.slice(0, 3).join(', ');
    throw new AppError('chromatin.no-peaks', { file: basename(choice.path), features });
  }
  const made = await activityOfPeaks(peaks, { annotation: choice.chromatin?.annotation, weighted, signal, store });
  return { ...made, fragments: null, called: null };
}
