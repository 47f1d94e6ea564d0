import type { LabelTransfer } from '../data/label-transfer.ts';

/** Confidences that a quarter, a half and three quarters of the cells reach, or a few more. */
export interface ConfidenceQuartiles {
  readonly upper: number;
  readonly median: number;
  readonly lower: number;
}

/**
 * Where the confidences of the query cells lie: at least half of the cells have at least the median, fewer than half have more;
 * the quartiles alike. Cells without any value, which are Unknown at every threshold, do not count; null where there are no others.
 */
export function confidenceQuartiles({ query }: Pick<LabelTransfer, 'query'>): ConfidenceQuartiles | null {
  const sorted = query.confidence.filter((_, cell) => query.empty?.[cell] !== 1).sort();
  if (sorted.length === 0) return null;
  const at = (below: number): number => sorted[Math.floor(sorted.length * below)]!;
  return { upper: at(0.75), median: at(0.5), lower: at(0.25) };
}
