import type { Method } from '../../train/method.ts';
import { restoreKida } from './model.ts';
import { ki, paper, recommended, reproduce } from './presets.ts';
import { type KidaSettings, kidaSettings } from './settings.ts';
import { trainKida } from './train.ts';
import { tuning } from './tuning.ts';

/** KIDA: a transformer over gene sets as teacher, and a student that learns from the query cells of which it is surest. */
export const kida: Method<KidaSettings> = {
  id: 'kida',
  title: 'KIDA',
  summary:
    'Reads cells through gene sets and tells which of them mark a label; a second round adapts to the query. For studies of one modality.',
  source: {
    citation: 'KIDA, Communications Biology 2024 (knowledge-based inductive bias and domain adaptation)',
    link: 'https://doi.org/10.1038/s42003-024-07171-9',
    differences:
      'Tokens belong to one gene set each (the released code mixes sets), the held-out reference cells are held out, the student begins as a copy of the teacher and labels the whole query, one block is used instead of four, and confidences are scaled to fit held-out reference cells. The presets "paper" and "reproduce" keep to the text and to the released code; "ki" leaves the second round out.',
  },
  scenarios: ['rna-rna', 'atac-atac'],
  limits: 'it takes reference and query to be measured in the same way',
  threshold: 0.7,
  geneSets: true,
  settings: kidaSettings,
  preset: recommended,
  presets: { ki, paper, reproduce },
  tuning,
  preparation: () => ({ transform: 'lognorm', topFeatures: null, neighbours: 1, distance: 'euclidean' }),
  train: trainKida,
  restore: restoreKida,
};
