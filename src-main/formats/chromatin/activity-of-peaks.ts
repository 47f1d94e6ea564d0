import { bodyActivityOfPeaks, weightedActivityOfPeaks } from '#core/chromatin/peak-activity';
import type { CancelSignal } from '#core/base/cancel';
import type { ShareUsed } from '#core/chromatin/contig-runs';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { RowStore } from '#core/data/sparse-rows';
import type { Study } from '#core/data/study';
import { PlaceSample } from '../gene-models/place-sample.ts';
import { chosenGenes, type GenomeSigns } from './chosen-genes.ts';
import { geneFeatures } from './column-counter.ts';
import { type PeakStudy } from './peak-study.ts';
import { shareNotes } from './share-notes.ts';

export interface ActivityOptions {
  /** A build or a file; without it the build is guessed from the peaks. */
  readonly annotation?: string | undefined;
  /** Weighted by distance instead of body + 2 kb upstream. */
  readonly weighted?: boolean;
  readonly signal?: CancelSignal | undefined;
  readonly store?: RowStore | undefined;
}

/** A peak matrix as gene activity, with the share of its counts that lies in genes. */
export interface ActivityOfPeaks {
  readonly study: Study;
  readonly share: ShareUsed;
  readonly build: string | null;
  readonly notes: readonly PreparationNote[];
}

/**
 * Gene activity of a study of peaks (`bodyActivityOfPeaks`, `weightedActivityOfPeaks`): cells, their columns and embeddings
 * stay. Throws what `chosenGenes` and these throw.
 */
export async function activityOfPeaks({ study, peaks }: PeakStudy, options: ActivityOptions): Promise<ActivityOfPeaks> {
  const { annotation, weighted = false, ...work } = options;
  const chosen = await chosenGenes(annotation, placesOfPeaks(study.name, peaks), work.signal);
  const source = { name: study.name, matrix: study.matrix, peaks };
  const made = await (weighted ? weightedActivityOfPeaks : bodyActivityOfPeaks)(source, chosen.genes, work);
  const features = geneFeatures(made.genes);
  const counts = weighted ? 'unknown' : study.valueKind === 'binary' ? 'counts' : study.valueKind;
  const activity: Study = { ...study, ...features, valueKind: counts, matrix: made.matrix };
  const notes = shareNotes(study.name, { share: made.share, columns: 'genes' }, null);
  return { study: activity, share: made.share, build: chosen.build, notes: [...chosen.notes, ...notes] };
}

/** What peaks show of their genome. */
export function placesOfPeaks(name: string, peaks: PeakStudy['peaks']): GenomeSigns {
  const places = new PlaceSample();
  places.addIntervals(peaks);
  return { name, places };
}
