import type { Method } from '../../train/method.ts';
import { restoreCdaSc } from './model.ts';
import { paper, recommended } from './presets.ts';
import { type CdaScSettings, cdaScSettings } from './settings.ts';
import { trainCdaSc } from './train.ts';
import { tuning } from './tuning.ts';

/** CDA-SC: an encoder that a discriminator cannot tell the studies apart by, with cells of one label drawn together. */
export const cdaSc: Method<CdaScSettings> = {
  id: 'cda-sc',
  title: 'CDA-SC (adversarial and supervised-contrastive)',
  summary:
    'Removes what tells the studies apart by an adversary and draws cells of one label together. An implementation after a description without code, whose published figures could not be checked.',
  source: {
    citation:
      'Williams 2025, Robust Cell Type Annotation in Single-Cell RNA-Seq via Contrastive Domain Adaptation (no code was published)',
    link: 'https://doi.org/10.71465/mrcis171',
    differences:
      'Written from the text alone: what it leaves open (widths, number of steps, threshold and schedule of predicted labels, stopping) is our choice and named at each setting. The reversal strength is applied once, the contrastive term is averaged over cells and leaves the cell itself out, and confidences are scaled to fit held-out reference cells. The preset "paper" sums the contrastive term. The method knows no Unknown: the threshold on confidence is ours.',
  },
  scenarios: ['rna-rna', 'rna-atac', 'rna-atac-matched', 'atac-atac'],
  settings: cdaScSettings,
  preset: recommended,
  presets: { paper },
  tuning,
  preparation: ({ transform }) => ({ transform, topFeatures: null, neighbours: 1, distance: 'euclidean' }),
  train: trainCdaSc,
  restore: restoreCdaSc,
};
