import { cellPredX } from '#core/methods/cellpredx/index';
import type { AblationRow, Check } from './row.ts';
import { worse } from './row.ts';

/** Weights of part A of the specification's ablations, a smaller batch and fewer steps. */
const settings = {
  transform: 'binarise',
  steps: 200,
  batchSize: 128,
  contrastiveWeight: 0.2,
  temperature: 0.4,
  alignmentWeight: 0.05,
  alignmentNegatives: false,
  sparseCentreWeight: 0.05,
  calibration: false,
};
const simulation = { genes: 800, peaks: 600, referenceCells: 600, queryCells: 600, peakSignal: 1.5 };
const base = { method: 'cellpredx', scenario: 'rna-atac', simulation, settings } as const;
const changed = (settings: object): AblationRow['variants'] => ({ changed: { settings: { ...settings } } });

/** 60 genes per label among many more: every label has a gene set of its own, and no set moves by itself. */
const manyGenes = { ...simulation, genes: 2400, geneSets: 8, setSize: 60, setActivity: 0 };
const oneModality = { queryModality: 'rna', gap: 0, attenuation: 1, queryDepth: 0, peaks: 20 } as const;

const novelFifteen = [23, 18, 14, 11, 8, 6, 5, 15];

const tau = (value: number, weight: number): string => `τ ${value}, weight ${weight}`;
const grid = [0.04, 0.1, 0.4, 0.8].flatMap((temperature) =>
  [0.2, 1.2].map((weight) => [tau(temperature, weight), { temperature, contrastiveWeight: weight }] as const),
);

/** Accuracy of one point of the grid against another. */
function gridCheck(name: string, from: string, to: string, expected: Check['expected']): Check {
  return { name, full: (at) => at(from, 'accuracy'), changed: (at) => at(to, 'accuracy'), expected };
}

export const cellPredXRows: readonly AblationRow[] = [
  {
    ...base,
    id: 'contrastive',
    title: 'contrastive off',
    twist: 'standard',
    variants: changed({ contrastiveWeight: 0 }),
    checks: [worse('neighbour purity'), worse('F1 under 8 %'), worse('AUROC of novel'), worse('accuracy')],
  },
  {
    ...base,
    id: 'contrastive-shuffled',
    title: 'contrastive off',
    twist: 'peaks of random cells: what the term follows is wrong, so without it must be better',
    simulation: { ...simulation, shuffledPeaks: true },
    variants: changed({ contrastiveWeight: 0 }),
    checks: [
      worse('accuracy', { higher: true }),
      worse('neighbour purity', { higher: true }),
      worse('AUROC of novel', { higher: true }),
    ],
  },
  {
    ...base,
    id: 'sparse-centre',
    title: 'sparse centre off',
    twist: 'two close pairs',
    variants: changed({ sparseCentreWeight: 0 }),
    checks: [worse('silhouette of labels'), worse('F1 of close pairs')],
  },
  {
    ...base,
    id: 'fixed-centres',
    title: 'centres fixed instead of running',
    twist: 'sparse centre weight 0.5',
    settings: { ...settings, sparseCentreWeight: 0.5 },
    variants: changed({ centrePolicy: 'fixed' }),
    checks: [worse('accuracy')],
  },
  {
    ...base,
    id: 'alignment-negatives',
    title: 'alignment without negatives',
    twist: 'alignment weight 0.5',
    settings: { ...settings, alignmentWeight: 0.5, alignmentNegatives: true },
    variants: changed({ alignmentNegatives: false }),
    checks: [worse('accuracy')],
  },
  {
    ...base,
    id: 'alignment',
    title: 'alignment off',
    twist: 'a scale of each gene, which is an additive shift of logarithms; little noise; contrastive off',
    simulation: { ...simulation, gap: 0, attenuation: 1, bias: 1, ambient: 0.2, dispersion: 0, queryDepth: 0 },
    settings: { ...settings, transform: 'lognorm', contrastiveWeight: 0 },
    variants: {
      changed: { settings: { alignmentWeight: 0 } },
      strong: { settings: { alignmentWeight: 0.5, alignmentNegatives: true } },
    },
    checks: [
      worse('silhouette of studies', { higher: true }),
      {
        name: 'silhouette of studies, weight 0.5 with negatives → 0',
        full: (at) => at('strong', 'silhouette of studies'),
        changed: (at) => at('changed', 'silhouette of studies'),
        expected: 'higher',
      },
    ],
  },
  ...[
    { id: 'projection-alignment', twist: 'alignment weight 0.5 without negatives', more: { alignmentWeight: 0.5 } },
    { id: 'projection-centres', twist: 'sparse centre weight 0.5', more: { sparseCentreWeight: 0.5 } },
  ].map(({ id, twist, more }) => ({
    ...base,
    id,
    title: 'projection off',
    twist,
    settings: { ...settings, ...more },
    variants: changed({ projectionWeight: 0 }),
    checks: [
      worse('spread of the query'),
      worse('effective rank'),
      worse('off-diagonal covariance', { higher: true }),
      worse('off-diagonal correlation', { higher: true }),
    ],
  })),
  {
    ...base,
    id: 'classification',
    title: 'classification off',
    twist: 'standard',
    variants: changed({ classificationWeight: 0 }),
    checks: [worse('accuracy'), worse('macro-F1'), worse('AUROC of novel'), worse('silhouette of labels')],
  },
  {
    ...base,
    id: 'pseudo-labels',
    title: 'confidence quantile 0.75 → 0',
    twist: 'novel label 15 %',
    simulation: { ...simulation, queryShares: novelFifteen },
    variants: changed({ pseudoLabelQuantile: 0 }),
    checks: [worse('AUROC of novel')],
  },
  {
    ...base,
    id: 'temperature',
    title: 'τ 0.04, 0.1, 0.4, 0.8 × contrastive weight 0.2, 1.2',
    twist: 'standard',
    variants: Object.fromEntries(grid.map(([name, changes]) => [name, { settings: changes }])),
    checks: [
      gridCheck('accuracy, τ 0.4 → 0.04', tau(0.4, 0.2), tau(0.04, 0.2), 'lower'),
      gridCheck('accuracy, τ 0.4 → 0.1', tau(0.4, 0.2), tau(0.1, 0.2), 'lower'),
      gridCheck('accuracy, τ 0.8, weight 0.2 → 1.2', tau(0.8, 0.2), tau(0.8, 1.2), 'higher'),
      {
        name: 'gain of weight 0.2 → 1.2, τ 0.1 → 0.8',
        full: (at) => at(tau(0.1, 1.2), 'accuracy') - at(tau(0.1, 0.2), 'accuracy'),
        changed: (at) => at(tau(0.8, 1.2), 'accuracy') - at(tau(0.8, 0.2), 'accuracy'),
        expected: 'higher',
      },
    ],
  },
  {
    ...base,
    id: 'determinants',
    title: 'planted genes among the 50 determinant features of a label',
    twist: 'one modality, 60 planted genes per label of 2 400',
    scenario: 'rna-rna',
    simulation: { ...manyGenes, ...oneModality },
    settings: { ...cellPredX.preset('rna-rna'), batchSize: 128 },
    variants: changed({ featuresPerCell: 100 }),
    checks: plantedChecks(),
  },
  {
    ...base,
    id: 'determinants-few-genes',
    title: 'the same',
    twist: 'one modality, 60 planted genes per label of 800: a cell expresses hardly more than 100 features',
    scenario: 'rna-rna',
    simulation: { ...simulation, ...oneModality },
    settings: { ...cellPredX.preset('rna-rna'), batchSize: 128 },
    variants: changed({ featuresPerCell: 100 }),
    checks: plantedChecks(),
  },
  {
    ...base,
    id: 'determinants-activity',
    title: 'the same',
    twist: 'gene activity, 60 planted genes per label of 2 400, a quarter of them silent in the query',
    simulation: manyGenes,
    settings: { ...cellPredX.preset('rna-atac'), batchSize: 128 },
    variants: changed({ featuresPerCell: 100 }),
    checks: plantedChecks(),
  },
];

/** The claim (at least 0.8), and what random and the most differential features reach. */
function plantedChecks(): Check[] {
  const planted: Check['full'] = (at) => at('full', 'planted among 50 determinants');
  return [
    { name: 'share planted, from 0.8', full: () => 0.8, changed: planted, expected: 'higher' },
    {
      name: 'share planted, from random',
      full: (at) => at('full', 'planted among 50 random'),
      changed: planted,
      expected: 'higher',
    },
    {
      name: 'share planted, from most differential',
      full: (at) => at('full', 'planted among 50 differential'),
      changed: planted,
      expected: 'higher',
    },
    {
      name: 'share planted, 100 features counted per cell instead of 50',
      full: planted,
      changed: (at) => at('changed', 'planted among 50 determinants'),
      expected: 'lower',
    },
  ];
}
