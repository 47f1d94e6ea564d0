import type { AblationRow, Check } from './row.ts';
import { worse } from './row.ts';

/** One block as in the default, narrower; fewer passes over a small reference. */
const settings = {
  geneChoice: 'all',
  largestSet: 1000,
  width: 32,
  batchSize: 16,
  maxTeacherSteps: 300,
  maxStudentSteps: 150,
  calibration: false,
};
/** Expression through 40 gene sets, and in the query a scale of each gene that the reference has never seen. */
const simulation = {
  genes: 800,
  peaks: 20,
  referenceCells: 500,
  queryCells: 600,
  queryModality: 'rna',
  gap: 0,
  attenuation: 0.7,
  bias: 0.5,
  queryDepth: -0.3,
  novelLabel: false,
  geneSets: 40,
  setSize: 40,
} as const;
const base = { method: 'kida', scenario: 'rna-rna', simulation, settings } as const;
const changed = (settings: object): AblationRow['variants'] => ({ changed: { settings: { ...settings } } });
const manyCells = { ...simulation, queryCells: 2000 };
const withoutSecond = { secondRound: false };

export const kidaRows: readonly AblationRow[] = [
  {
    ...base,
    id: 'gene-sets',
    title: 'gene sets drawn at random (Bernoulli 0.015)',
    twist: 'expression through 40 gene sets, unseen scale of each gene',
    settings: { ...settings, ...withoutSecond },
    variants: changed({ mask: 'random', tokens: 41 }),
    checks: [worse('accuracy')],
  },
  {
    ...base,
    id: 'planted-set',
    title: 'set of the label among its ten patterns, against ten of 40 at random',
    twist: 'the same',
    settings: { ...settings, ...withoutSecond },
    variants: {},
    checks: plantedSetChecks(),
  },
  {
    ...base,
    id: 'planted-set-recommended',
    title: 'set of the label among its ten patterns, recommended settings',
    twist: 'the same, 3 000 reference and 1 500 query cells',
    simulation: { ...simulation, referenceCells: 3000, queryCells: 1500 },
    settings: {},
    variants: {},
    checks: plantedSetChecks(),
  },
  {
    ...base,
    id: 'token-layout',
    title: 'tokens interleaved as in the released code',
    twist: 'the same',
    settings: { ...settings, ...withoutSecond },
    variants: changed({ tokenLayout: 'interleaved' }),
    checks: [worse('planted set in top ten'), worse('rank of planted set', { higher: true })],
  },
  {
    ...base,
    id: 'second-round',
    title: 'second round off (KI)',
    twist: 'the same, 2 000 query cells',
    simulation: manyCells,
    variants: { changed: { settings: withoutSecond }, 'anchors 10 %': { settings: { anchorShare: 0.1 } } },
    checks: [
      worse('accuracy'),
      {
        name: 'gain in accuracy, anchors 40 → 10 %',
        full: (at) => at('full', 'accuracy') - at('changed', 'accuracy'),
        changed: (at) => at('anchors 10 %', 'accuracy') - at('changed', 'accuracy'),
        expected: 'lower',
      },
    ],
  },
  {
    ...base,
    id: 'student-losses',
    title: 'distillation off; clustering off',
    twist: 'the same, 2 000 query cells',
    simulation: manyCells,
    variants: {
      'without distillation': { settings: { distillationWeight: 0 } },
      'without clustering': { settings: { clusteringWeight: 0 } },
    },
    checks: [
      worse('accuracy', { variant: 'without distillation' }),
      worse('accuracy', { variant: 'without clustering' }),
      worse('silhouette of query labels', { variant: 'without clustering' }),
      {
        name: 'accuracy without clustering → without distillation',
        full: (at) => at('without clustering', 'accuracy'),
        changed: (at) => at('without distillation', 'accuracy'),
        expected: 'lower',
      },
    ],
  },
];

/** How many labels find the set they were drawn through among their ten patterns: above chance, and nearly all. */
function plantedSetChecks(): Check[] {
  const found: Check['full'] = (at) => at('full', 'planted set in top ten');
  return [
    { name: 'share of labels, from 0.25 (random)', full: () => 10 / 40, changed: found, expected: 'higher' },
    { name: 'share of labels, from 0.99', full: () => 0.99, changed: found, expected: 'higher' },
    {
      name: 'share of labels above 5 %, from 0.99',
      full: () => 0.99,
      changed: (at) => at('full', 'planted set in top ten, above 5 %'),
      expected: 'higher',
    },
  ];
}
