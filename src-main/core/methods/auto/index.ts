import type { Scenario } from '../../data/scenario.ts';
import type { Method } from '../../train/method.ts';
import { membersFor } from './members.ts';
import { restoreAuto } from './model.ts';
import { type AutoSettings, autoSettings } from './settings.ts';
import { trainAuto } from './train.ts';

/** A consensus of three methods that settles among neighbours as far as these agree; no choice is left to a person. */
export const auto: Method<AutoSettings> = {
  id: 'auto',
  title: 'Auto',
  summary:
    'Asks CellPredX, a support vector machine and nearest centroids, and lets labels settle among neighbours as far as these agree. The one to take without knowing more.',
  source: {
    citation: 'Kittler et al. 1998, sum rule; Zhou et al. 2003, local and global consistency; the combination is ours',
    link: 'https://doi.org/10.1109/34.667881',
    differences:
      'Members count alike and are taken as they are recommended; how strongly neighbours are listened to is told by how far they agree, never by labels of the query. What speaks for each member is shown with the result.',
  },
  scenarios: ['rna-rna', 'rna-atac', 'rna-atac-matched', 'atac-atac'],
  threshold: 0.5,
  settings: autoSettings,
  preset: () => ({}),
  presets: {},
  preparation: ({ neighbours }, scenario: Scenario) => ({
    transform: membersFor(scenario)[0]!.takes,
    topFeatures: null,
    neighbours,
    distance: 'manhattan',
  }),
  train: trainAuto,
  restore: restoreAuto,
};
