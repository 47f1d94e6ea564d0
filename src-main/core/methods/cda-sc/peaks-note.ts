import { countText } from '../../base/count-text.ts';
import type { PreparationNote } from '../../data/aligned-pair.ts';
import { peaksAmong } from '../../data/places.ts';

/** The warning that CDA-SC was not made for peaks, where most features are places in a genome; else null. */
export function peaksNote(features: readonly string[]): PreparationNote | null {
  const places = peaksAmong(features).length;
  if (places === 0) return null;
  return {
    step: 'train',
    severity: 'warning',
    text: `CDA-SC was made for gene expression, and ${countText(places)} of ${countText(features.length)} features here are peaks: nearly all of their counts are 0 or 1, so choosing features by dispersion and counts per 10,000 say little about them. Compare with CellPredX, or use gene activity.`,
  };
}
