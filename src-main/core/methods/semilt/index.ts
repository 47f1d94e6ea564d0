import type { Method } from '../../train/method.ts';
import { restoreSemiLT } from './model.ts';
import { paper, recommended, reproduce } from './presets.ts';
import { type SemiLTSettings, semiLTSettings } from './settings.ts';
import { trainSemiLT } from './train.ts';
import { tuning } from './tuning.ts';

/** SemiLT: a linear embedding in which query cells are drawn to mutual nearest neighbours and their label centres. */
export const semiLT: Method<SemiLTSettings> = {
  id: 'semilt',
  title: 'SemiLT',
  summary:
    'Anchors query cells to mutually nearest reference cells and to label centres; scores by neighbours and centres favour rare labels.',
  source: {
    citation: 'Chen et al. 2025, SemiLT, Advanced Science',
    link: 'https://doi.org/10.1002/advs.202507846',
    differences:
      'Terms follow the released code. The strengths of separation and correlation are bounded, small studies are trained for at least 300 steps, a batch holds each cell once, and scores become confidences that fit the reference. Published for RNA to gene activity; the other scenarios are offered because nothing in it depends on that. The presets "paper" and "reproduce" keep to the text and to the released code.',
  },
  scenarios: ['rna-rna', 'rna-atac', 'rna-atac-matched', 'atac-atac'],
  settings: semiLTSettings,
  preset: recommended,
  presets: { paper, reproduce },
  tuning,
  preparation: ({ transform }) => ({ transform, topFeatures: null, neighbours: 1, distance: 'euclidean', space: true }),
  train: trainSemiLT,
  restore: restoreSemiLT,
};
