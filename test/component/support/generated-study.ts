import type { Results } from '#contract/requests';
import type { RunResult } from '#contract/run-result';
import { UNKNOWN } from '#core/data/label-transfer';
import { Random } from '#core/base/random';

type Report = Results['study:inspect'];

const names = [
  'B cell',
  'CD4 T cell',
  'CD8 T cell',
  'Dendritic cell',
  'Monocyte',
  'NK cell',
  'Platelet',
  'Regulatory T cell',
];
const shares = [0.16, 0.27, 0.18, 0.05, 0.2, 0.08, 0.02, 0.04];

/** A pre-flight report of a well-behaved expression study. */
export function report(path: string, changes: Partial<Report> = {}): Report {
  const cells = 1200;
  return {
    path,
    name: path.split('/').at(-1)!,
    format: 'h5ad',
    dialect: 'AnnData 0.8 layout',
    sizeBytes: 7_340_032,
    slots: [{ id: 'X', modalityName: null, modality: null, cells, features: 2000, storage: 'csr', stored: 480_000 }],
    chosenSlot: 'X',
    modality: 'rna',
    modalityEvidence: '1,991 of 2,000 names are human genes',
    cells,
    features: 2000,
    sizeEstimated: false,
    values: { kind: 'counts', evidence: 'whole numbers from 0 to 214 in 1,000 cells' },
    species: { species: 'human', evidence: '1,991 names in capitals, as CD3E' },
    idType: 'symbol',
    idEvidence: 'MALAT1, CD3E, NKG7, …',
    exampleFeatures: ['MALAT1', 'CD3E', 'NKG7'],
    genome: { style: 'none', build: null, evidence: '' },
    labelColumns: [
      {
        name: 'cell_type',
        role: 'candidate',
        distinct: names.length,
        missing: 0,
        counts: names
          .map((value, place) => ({ value, cells: Math.round(shares[place]! * cells) }))
          .sort((a, b) => b.cells - a.cells),
        from: 'study',
      },
      {
        name: 'donor',
        role: 'candidate',
        distinct: 2,
        missing: 0,
        counts: [
          { value: 'd1', cells: 700 },
          { value: 'd2', cells: 500 },
        ],
        from: 'study',
      },
    ],
    labelsFile: null,
    sample: { cells: 1000, of: cells },
    emptyCells: 0,
    duplicateCells: { count: 0, examples: [] },
    duplicateFeatures: { count: 0, examples: [] },
    nonFiniteValues: 0,
    skipped: [],
    estimatedMemoryBytes: 6_291_456,
    findings: [],
    ...changes,
  };
}

export function matchReport(changes: Partial<Results['match:check']> = {}): Results['match:check'] {
  return {
    verdict: 'good',
    sharedFeatures: 1874,
    reference: {
      name: 'reference.h5ad',
      modality: 'rna',
      species: 'human',
      idType: 'symbol',
      features: 2000,
      sharedFraction: 0.937,
    },
    query: {
      name: 'query.h5ad',
      modality: 'gene-activity',
      species: 'human',
      idType: 'symbol',
      features: 1930,
      sharedFraction: 0.971,
    },
    examples: { shared: ['MALAT1', 'CD3E', 'NKG7'], referenceOnly: ['XIST'], queryOnly: ['LINC00486'] },
    suggestion: { scenario: 'rna-atac', reason: 'The reference is expression, the query gene activity.' },
    chromatin: null,
    messages: [{ severity: 'info', text: 'Gene activity is compared with expression gene by gene.', remedy: null }],
    ...changes,
  };
}

/** A method with one setting of each kind. */
export const method: Results['methods:list'][number] = {
  id: 'cellpredx',
  group: null,
  title: 'CellPredX',
  summary: 'Learns one space for both studies and labels the query in it; finds the features that decide.',
  source: { citation: 'Wang et al., CellPredX', link: 'https://example.org', differences: '' },
  scenarios: ['rna-rna', 'rna-atac', 'rna-atac-matched', 'atac-atac'],
  presets: ['recommended', 'paper', 'reproduce'],
  tunable: true,
  settings: [
    {
      name: 'steps',
      title: 'Steps',
      help: 'Training steps at most.',
      group: 'Training',
      advanced: false,
      kind: 'integer',
      minimum: 1,
      maximum: 20_000,
      choices: null,
      default: 1000,
      source: null,
      nullable: false,
      values: { 'rna-rna': { recommended: 200 } },
    },
    {
      name: 'learningRate',
      title: 'Learning rate',
      help: 'Size of each step of the optimiser.',
      group: 'Training',
      advanced: true,
      kind: 'number',
      minimum: 0,
      maximum: 1,
      choices: null,
      default: 0.01,
      source: null,
      nullable: false,
      values: {},
    },
    {
      name: 'smooth',
      title: 'Smooth labels',
      help: 'Each cell takes the majority label of its neighbours.',
      group: 'Prediction',
      advanced: true,
      kind: 'boolean',
      minimum: null,
      maximum: null,
      choices: null,
      default: false,
      source: null,
      nullable: false,
      values: {},
    },
    {
      name: 'optimiser',
      title: 'Optimiser',
      help: 'How weights follow the gradient.',
      group: 'Training',
      advanced: true,
      kind: 'choice',
      minimum: null,
      maximum: null,
      choices: ['sgd', 'adam'],
      default: 'sgd',
      source: null,
      nullable: false,
      values: {},
    },
  ],
};

export const engines: Results['engines:list'] = [
  {
    name: 'wasm',
    title: 'CPU by WebAssembly SIMD',
    canRun: true,
    reason: 'It runs on every computer.',
    whatToInstall: null,
    stepsPerSecond: 31.6,
    gigaflops: 21.4,
  },
  {
    name: 'webgpu',
    title: 'GPU by WebGPU',
    canRun: false,
    reason: 'No graphics card was found.',
    whatToInstall: 'Install the driver of your graphics card.',
    stepsPerSecond: null,
    gigaflops: null,
  },
];

/** A finished run over generated cells: one cloud per label, and one label of the query that the reference lacks. */
export function generatedResult({ cells = 900, seed = 7, threshold = 0.95 } = {}): RunResult {
  const random = Random.forPurpose(seed, 'generated result');
  const cloud = (place: number): readonly [number, number] => [
    6 * Math.cos(place * 2.4) * (1 + (place % 3) * 0.4) + random.normal(),
    6 * Math.sin(place * 2.4) * (1 + (place % 3) * 0.4) + random.normal(),
  ];
  const draw = (): number => {
    let left = random.uniform();
    const place = shares.findIndex((share) => (left -= share) < 0);
    return place === -1 ? 0 : place;
  };
  const side = () => ({ labels: new Int32Array(cells), layout: new Float32Array(2 * cells) });
  const [reference, query] = [side(), side()];
  const confidence = new Float32Array(cells);
  const truth = new Int32Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    reference.labels[cell] = draw();
    reference.layout.set(cloud(reference.labels[cell]!), 2 * cell);
    const novel = random.uniform() < 0.06;
    truth[cell] = novel ? names.length : draw();
    query.labels[cell] = novel ? 4 : random.uniform() < 0.06 ? draw() : truth[cell]!;
    query.layout.set(cloud(novel ? 9 : truth[cell]!), 2 * cell);
    confidence[cell] = novel ? 0.35 + 0.5 * random.uniform() : 1 - 0.5 * random.uniform() ** 6;
  }
  const labelTable = names.map((label, place) => {
    const own = [...query.labels.keys()].filter((cell) => query.labels[cell] === place);
    return {
      label,
      referenceCells: reference.labels.filter((other) => other === place).length,
      predictedCells: own.length,
      acceptedCells: own.filter((cell) => confidence[cell]! > threshold).length,
      meanConfidence: own.length === 0 ? null : own.reduce((sum, cell) => sum + confidence[cell]!, 0) / own.length,
    };
  });
  const hits = [...truth.keys()].filter((cell) => truth[cell]! < names.length);
  return {
    runId: 'run-1',
    facts: {
      version: '0.1.0',
      scenario: 'rna-atac',
      scenarioReason: 'the reference is expression, the query gene activity',
      method: 'cellpredx',
      preset: 'recommended',
      settings: { steps: 200, learningRate: 0.01 },
      seed,
      engine: 'CPU by WebAssembly SIMD, 1 thread',
      threshold,
      features: 1874,
      steps: 200,
      metrics: {
        accuracy: hits.filter((cell) => truth[cell] === query.labels[cell]).length / hits.length,
        macroF1: null,
        cellsScored: hits.length,
        cellsWithTruth: cells,
      },
      tuning: null,
      consensus: null,
      timings: {
        read: 0.4,
        prepare: 0.9,
        train: 21.2,
        predict: 0.3,
        interpret: 1.1,
        layout: 3.4,
        figures: 0.8,
        write: 0.2,
      },
      peakRssBytes: 612_000_000,
      notes: [{ step: 'binarise', text: 'Counts above zero became 1 on both sides.', severity: 'info' }],
    },
    labels: names,
    labelTable,
    unknown: confidence.filter((value) => !(value > threshold)).length,
    query: {
      cells,
      layout: query.layout,
      predicted: query.labels,
      confidence,
      empty: new Int32Array(),
      truth: { categories: [...names, 'Plasma cell'], codes: truth },
    },
    reference: { cells, layout: reference.layout, label: reference.labels },
    before: beforeTraining(cells),
    curves: [{ name: 'total', steps: [1, 100, 200], values: [4, 2, 1.5] }],
  };
}

/** Every third cell of both studies, on a spiral. */
function beforeTraining(cells: number): RunResult['before'] {
  const drawn = Int32Array.from({ length: Math.ceil((2 * cells) / 3) }, (_, row) => 3 * row);
  const layout = Float32Array.from(
    { length: 2 * drawn.length },
    (_, i) => (i >> 1) * (i % 2 === 0 ? Math.cos(i >> 1) : Math.sin(i >> 1)),
  );
  return { cells: drawn, layout, how: '50 principal components' };
}

/** A page of the table of that run, as the services would cut it. */
export function labelPage(
  result: RunResult,
  {
    offset,
    limit,
    label,
    threshold,
  }: { offset: number; limit: number; label?: string | undefined; threshold?: number | undefined },
): Results['run:labels'] {
  const rows = Array.from(result.query.predicted, (predicted, cell) => {
    const confidence = result.query.confidence[cell]!;
    const name = result.labels[predicted]!;
    return {
      place: cell,
      cell: `cell-${cell + 1}`,
      predicted: name,
      confidence,
      label: confidence > (threshold ?? result.facts.threshold) ? name : UNKNOWN,
      truth: result.query.truth!.categories[result.query.truth!.codes[cell]!]!,
    };
  }).filter((row) => label === undefined || row.label === label);
  return { total: rows.length, rows: rows.slice(offset, offset + limit) };
}
