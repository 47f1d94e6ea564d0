import { assess } from '#core/assess/assess';
import { topDifferentialFeatures } from '#core/assess/top-differential-features';
import { Random } from '#core/base/random';
import type { FiguresInput } from '#core/figures/figures-of';
import { lognorm } from '#core/prepare/lognorm';
import { simulatePair } from '#core/simulate/simulate-pair';

/** Names as people have them: long, and with characters that markup must escape. */
export const awkwardLabels = [
  'Astrocyte',
  'CD4+ <b>T</b> & "NK"',
  "Cajal's cell",
  'Endothelial cell of the vasculature',
  'Excitatory neuron, layer 2/3',
  'Inhibitory neuron, SST',
  'Microglia',
];

/**
 * What figures are made from, for simulated studies: the labels are given out anew with four of five right, which is
 * enough for pictures and makes no claim on any method.
 */
export function figureInputs(
  options: { labels?: readonly string[]; cells?: number; truth?: boolean } = {},
): FiguresInput {
  const pair = simulatePair({ seed: 5, genes: 120, peaks: 20, referenceCells: 150, queryCells: options.cells ?? 150 });
  const own = pair.truth.labels.slice(0, 7);
  const labels = options.labels ?? own;
  const random = new Random(8);
  const rename = (label: string): string => (own.includes(label) ? labels[own.indexOf(label) % labels.length]! : label);
  const truth = pair.truth.query.map((label, cell) => (cell % 10 === 9 ? null : rename(label)));
  const referenceLabel = Int32Array.from(pair.truth.reference, (label) => labels.indexOf(rename(label)));
  const predicted = Int32Array.from(pair.truth.query, (label) => {
    const right = labels.indexOf(rename(label));
    return right >= 0 && random.uniform() < 0.8 ? right : random.below(labels.length);
  });
  const [reference, query] = [pair.reference.cells.ids, pair.query.cells.ids];
  const side = (cells: readonly string[]) => ({
    cells,
    width: 2,
    embedding: Float32Array.from({ length: 2 * cells.length }, () => random.normal()),
    probabilities: new Float32Array(cells.length * labels.length).fill(1 / labels.length),
  });
  const transfer = {
    labels,
    reference: side(reference),
    query: { ...side(query), predicted, confidence: Float32Array.from(query, () => 0.3 + 0.7 * random.uniform()) },
  };
  const top = topDifferentialFeatures(lognorm(pair.query.matrix), predicted, labels.length, 10);
  const cells = Int32Array.from({ length: reference.length + query.length }, (_, cell) => cell);
  const score = { silhouetteStudy: 0.1, silhouetteLabel: 0.4, neighbours: 0.8 };
  return {
    transfer,
    views: {
      raw: { ...{ cells, how: '50 principal components' }, places: new Float32Array(2 * cells.length) },
      mixing: {
        ...{ cells, total: cells.length, rawHow: '50 principal components', raw: score, learned: score },
        rawPlaces: Float32Array.from({ length: 2 * cells.length }, () => 10 * random.normal()),
      },
      learnedGraph: { graph: randomGraph(query.length, random), cells: cells.slice(0, query.length) },
    },
    patterns: {
      attention: labels.slice(0, 9).map((label, i) => ({
        ...{ label, set: `A set of genes with quite a long name, number ${i + 1}` },
        cells: Float32Array.from(query, () => 0.01 * random.uniform()),
      })),
      networks: labels.map((label) => ({
        ...{ label, ofGenes: 40, linkedFrom: 0.5 },
        genes: Array.from({ length: 24 }, (_, i) => ({ gene: `Gene${i + 1}`, q: 1e-5 * (i + 1), links: 3 })),
        edges: Array.from({ length: 40 }, (_, i) => ({ from: i % 12, to: 12 + (i % 11), cosine: 0.5 + (i % 5) / 10 })),
      })),
    },
    pair: {
      features: pair.query.features.names,
      labels,
      scenario: 'rna-atac',
      reference: { label: referenceLabel, counts: pair.reference.matrix },
      query: { counts: pair.query.matrix, neighbours: randomGraph(query.length, random) },
    },
    layout: Float32Array.from({ length: 2 * (reference.length + query.length) }, () => 10 * random.normal()),
    markers: top.flatMap((features, label) =>
      features.map((feature, i) => ({
        label: labels[label]!,
        rank: i + 1,
        feature: pair.query.features.names[feature]!,
        cells: 10 - i,
        fraction: (10 - i) / 10,
        meanAttribution: 0.1,
        logFoldChange: 1,
        detectionRate: 0.5,
      })),
    ),
    truth: options.truth === false ? null : truth,
    assessment: options.truth === false ? null : assess(transfer, truth, { threshold: 0.6, seed: 1 }),
    losses: {
      steps: Array.from({ length: 900 }, (_, i) => i + 1),
      terms: {
        classification: Array.from({ length: 900 }, (_, i) => 2 / (1 + i / 100)),
        'sparse centre': Array.from({ length: 900 }, (_, i) => (i < 10 ? NaN : 0.5)),
        total: Array.from({ length: 900 }, (_, i) => 2 / (1 + i / 100) + (i < 10 ? 0 : 0.5)),
      },
    },
    threshold: 0.6,
    seed: 1,
  };
}

function randomGraph(cells: number, random: Random) {
  const k = 5;
  return { k, indices: Int32Array.from({ length: cells * k }, () => random.below(cells)) };
}
