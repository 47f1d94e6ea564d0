import type { Interval } from '#core/chromatin/interval-index';
import { takeColumns } from '#core/data/csr-matrix';
import { mapRows } from '#core/data/sparse-rows';
import type { FeatureTable, Study } from '#core/data/study';
import { peakIntervals } from '../intervals/peak-intervals.ts';
import { takeFeatures } from '../take-rows.ts';

/** A study of peaks with the place of each column. */
export interface PeakStudy {
  readonly study: Study;
  /** [features] */
  readonly peaks: readonly Interval[];
}

/** Peaks without a place are so few at most, or the names are not taken for places at all. */
const mostWithout = 0.1;

/**
 * The study with the places of its peaks; columns without a place (a peak called `other`) are left out. Null for a study that
 * is no study of peaks, and where more than a tenth of the peaks name no place.
 */
export function peakStudy(study: Study): PeakStudy | null {
  if (study.modality !== 'peaks') return null;
  const { intervals, parsed } = peakIntervals(study.features);
  if (parsed === 0 || parsed < (1 - mostWithout) * intervals.length) return null;
  if (parsed === intervals.length) return { study, peaks: intervals as readonly Interval[] };
  const kept = Uint32Array.from(intervals.keys()).filter((i) => intervals[i] !== null);
  return {
    study: takeStudyColumns(study, kept),
    peaks: Array.from(kept, (i) => intervals[i]!),
  };
}

/** The places of peaks, without those that have none; null where more than a tenth of the names are no places. */
export function peakPlaces(features: FeatureTable): readonly Interval[] | null {
  const { intervals, parsed } = peakIntervals(features);
  if (parsed === 0 || parsed < (1 - mostWithout) * intervals.length) return null;
  return intervals.filter((interval) => interval !== null);
}

/** Some columns of a study, in the order named. */
export function takeStudyColumns(study: Study, which: ArrayLike<number>): Study {
  return { ...study, features: takeFeatures(study.features, which), matrix: matrixAt(study, which) };
}

function matrixAt({ matrix }: Study, which: ArrayLike<number>): Study['matrix'] {
  return mapRows(matrix, which.length, (block) => takeColumns(block, which));
}
