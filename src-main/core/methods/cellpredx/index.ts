import type { Method } from '../../train/method.ts';
import { restoreCellPredX } from './model.ts';
import { paper, recommended, reproduce } from './presets.ts';
import { type CellPredXSettings, cellPredXSettings } from './settings.ts';
import { trainCellPredX } from './train.ts';
import { tuning } from './tuning.ts';

/** CellPredX: one linear embedding for both studies, pulled together by five losses. */
export const cellPredX: Method<CellPredXSettings> = {
  id: 'cellpredx',
  title: 'CellPredX',
  summary:
    'Transfers labels within and across modalities by one shared embedding; names the features that decided for each cell.',
  source: {
    citation: 'Yan et al. 2026, CellPredX, PLoS Computational Biology',
    link: 'https://doi.org/10.1371/journal.pcbi.1013824',
    differences:
      'Centres follow their cells, τ is 0.4 for matched cells, early stopping has a tolerance, and confidences are scaled to fit the reference; for a chromatin query the input is scaled within each study, weight decay is stronger and training shorter. The presets "paper" and "reproduce" keep to the text and to the released code.',
  },
  scenarios: ['rna-rna', 'rna-atac', 'rna-atac-matched', 'atac-atac'],
  settings: cellPredXSettings,
  preset: recommended,
  presets: { paper, reproduce },
  tuning,
  preparation: ({ transform, topFeatures, neighbours, neighbourDistance }) => ({
    transform,
    topFeatures,
    neighbours,
    distance: neighbourDistance,
  }),
  results: ({ smoothing, attributionRanking, featuresPerCell, determinantCells }) => ({
    smoothing,
    attributionRanking,
    featuresPerCell,
    determinantCells,
  }),
  train: trainCellPredX,
  restore: restoreCellPredX,
};
