import type { AblationRow } from './row.ts';
import { worse } from './row.ts';

/** Narrower and faster than the default: the studies are small. */
const settings = {
  hiddenWidth: 96,
  middleWidth: 48,
  embeddingWidth: 32,
  discriminatorWidth: 32,
  batchSize: 64,
  learningRate: 0.001,
  passes: 1000,
  maxSteps: 200,
  patience: null,
  validationShare: 0,
  calibration: false,
};
const simulation = {
  genes: 500,
  peaks: 20,
  referenceCells: 600,
  queryCells: 600,
  queryModality: 'rna',
  gap: 0.5,
  attenuation: 0.7,
  queryDepth: 0,
  novelLabel: false,
} as const;
const base = { method: 'cda-sc', scenario: 'rna-rna', simulation, settings } as const;
const changed = (settings: object): AblationRow['variants'] => ({ changed: { settings: { ...settings } } });

/** Two labels of 5 % in the query; in the reference the common labels are rare and the rare ones rarer still. */
const queryShares = [30, 20, 15, 15, 5, 5, 5, 5];
const referenceShares = [15, 15, 30, 25, 6, 3, 3, 3];

export const cdaScRows: readonly AblationRow[] = [
  {
    ...base,
    id: 'adversarial',
    title: 'adversarial strength 0',
    twist: 'background and a scale of each gene: additive and scaling shift',
    simulation: { ...simulation, ambient: 0.5, bias: 0.7 },
    variants: changed({ adversarialStrength: 0 }),
    checks: [worse('silhouette of studies', { higher: true }), worse('accuracy')],
  },
  {
    ...base,
    id: 'supervised-contrastive',
    title: 'contrastive off (β = 0)',
    twist: 'four labels of 5 %, other shares in the reference',
    simulation: { ...simulation, queryShares, referenceShares },
    variants: changed({ contrastiveWeight: 0 }),
    checks: [worse('F1 under 6 %'), worse('accuracy')],
  },
  {
    ...base,
    id: 'predicted-labels',
    title: 'predicted labels off',
    twist: 'standard',
    variants: changed({ pseudoLabels: false }),
    checks: [worse('silhouette of query labels')],
  },
  {
    ...base,
    id: 'contrastive-weight',
    title: 'contrastive weight 0.5 → 10',
    twist: 'standard',
    variants: changed({ contrastiveWeight: 10 }),
    checks: [worse('accuracy')],
  },
];
