import type { AblationRow } from './row.ts';
import { worse } from './row.ts';

const settings = { batchSize: 96, leastSteps: 150, epochs: 1, calibration: false };
const simulation = { genes: 500, peaks: 600, referenceCells: 600, queryCells: 600, peakSignal: 1.5, novelLabel: false };
const base = { method: 'semilt', scenario: 'rna-atac', simulation, settings } as const;
const changed = (settings: object): AblationRow['variants'] => ({ changed: { settings: { ...settings } } });

/** Three labels of 2.5 %. */
const threeRare = [27, 24, 20, 16, 6, 2.5, 2.5, 2];
/** The two close pairs alone. */
const fourLabels = [40, 30, 20, 10, 0, 0, 0, 0];

export const semiLTRows: readonly AblationRow[] = [
  {
    ...base,
    id: 'high-anchors',
    title: 'anchors off',
    twist: 'the same labels in the same shares',
    variants: changed({ highAnchorWeight: 0, lowAnchorWeight: 0 }),
    checks: [worse('accuracy')],
  },
  {
    ...base,
    id: 'low-anchors',
    title: 'anchors of neighbours off',
    twist: 'the same labels, three below 3 %',
    simulation: { ...simulation, queryShares: threeRare },
    variants: changed({ lowAnchorWeight: 0 }),
    checks: [worse('accuracy'), worse('F1 under 3 %')],
  },
  {
    ...base,
    id: 'label-centres',
    title: 'score by label centres 0.8 → 0 (nearest cells alone)',
    twist: 'three labels below 3 %',
    simulation: { ...simulation, queryShares: threeRare },
    variants: changed({ centroidShare: 0 }),
    checks: [worse('F1 under 3 %'), worse('accuracy')],
  },
  {
    ...base,
    id: 'separation',
    title: 'separation off',
    twist: 'two close pairs',
    variants: changed({ separationWeight: 0 }),
    checks: [worse('silhouette of labels')],
  },
  {
    ...base,
    id: 'neighbourhoods',
    title: 'neighbourhoods off',
    twist: 'noisy activity, good peaks',
    simulation: { ...simulation, gap: 1, peakSignal: 2 },
    variants: changed({ neighbourWeight: 0 }),
    checks: [worse('neighbour purity')],
  },
  {
    ...base,
    id: 'studies',
    title: 'means and spreads of the studies off',
    twist: 'scale shift: query four times shallower',
    simulation: { ...simulation, queryDepth: -2 },
    variants: changed({ batchMeanWeight: 0, batchSpreadWeight: 0 }),
    checks: [worse('silhouette of studies', { higher: true })],
  },
  {
    ...base,
    id: 'bounded',
    title: 'strengths not bounded (R = 0)',
    twist: 'four labels',
    simulation: { ...simulation, queryShares: fourLabels },
    variants: changed({ bounded: false }),
    checks: [
      worse('off-diagonal covariance', { higher: true }),
      worse('off-diagonal correlation', { higher: true }),
      worse('silhouette of labels'),
    ],
  },
];
