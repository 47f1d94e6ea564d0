import { Random } from '../base/random.ts';
import type { StudyInMemory } from '../data/study.ts';
import { closePairs, drawLabels, labelProgrammes, novelLabel, simulatedLabels } from './label-programmes.ts';
import type { SimulatedPair, SimulationOptions } from './simulated-pair.ts';
import { simulatedStudy } from './simulated-study.ts';

export const defaultSimulation: SimulationOptions = {
  seed: 2026,
  genes: 900,
  peaks: 1500,
  referenceCells: 1200,
  queryCells: 1200,
  novelLabel: true,
  gap: 0.7,
  dispersion: 0.15,
  peakSignal: 1,
};

/** Log effect of a label on the genes it raises, and the share of genes it raises. */
const programme = { strength: 1.8, share: 0.075, blend: 0.6 };

/**
 * An RNA reference and a gene-activity query of the same tissue with known labels, planted genes and the query's peaks.
 *
 * Counts are negative binomial with mean
 *
 *     reference:  depth · exp(b_g + p_lg)
 *     query:      depth · exp(b_g + s_g + (0.6 − 0.15·gap) · k_g · p_lg)
 *     peaks:      depth · exp(a_p + peakSignal · q_lp)
 *
 * b_g ~ Normal(−1.2, 1) is a gene's level, p_lg the programme of label l (7.5 % of the genes, Normal(1.8, 0.3); see
 * `labelProgrammes` for close pairs), s_g ~ Normal(0, gap) the bias of activity, k_g = 0 for a share 0.35·gap of genes
 * whose activity does not follow expression, else 1. Depth is log-normal: (0, 0.3) in the reference, (−0.7, 0.4) in the
 * query and its peaks. The eight labels and their shares are those of `simulatedLabels`.
 *
 * Same options, same bits. Gene names ("simGene0001") and peak places are invented and belong to no species.
 * @throws RangeError for an option outside its range
 */
export function simulatePair(options: Partial<SimulationOptions> = {}): SimulatedPair {
  const chosen = { ...defaultSimulation, ...options };
  checkOptions(chosen);
  const draw = (purpose: string): Random => Random.forPurpose(chosen.seed, `simulate ${purpose}`);

  const geneRandom = draw('genes');
  const level = normals(geneRandom, chosen.genes, -1.2, 1);
  const programmes = labelProgrammes(geneRandom, chosen.genes, {
    raised: Math.round(chosen.genes * programme.share),
    strength: programme.strength,
    blend: programme.blend,
  });
  const bias = normals(geneRandom, chosen.genes, 0, chosen.gap);
  const follows = Array.from({ length: chosen.genes }, () => geneRandom.uniform() >= 0.35 * chosen.gap);

  const cellRandom = draw('cells');
  const shares = simulatedLabels.map((label) => label.share);
  const referenceShares = shares.map((share, label) => (chosen.novelLabel && label === novelLabel ? 0 : share));
  const referenceLabels = drawLabels(cellRandom, chosen.referenceCells, referenceShares);
  const queryLabels = drawLabels(cellRandom, chosen.queryCells, shares);
  const referenceDepth = normals(cellRandom, chosen.referenceCells, 0, 0.3).map(Math.exp);
  const queryDepth = normals(cellRandom, chosen.queryCells, -0.7, 0.4).map(Math.exp);

  const genes = Array.from({ length: chosen.genes }, (_, gene) => `simGene${String(gene + 1).padStart(4, '0')}`);
  const attenuation = 0.6 - 0.15 * chosen.gap;
  const reference = simulatedStudy(draw('reference counts'), {
    name: 'reference.h5ad',
    modality: 'rna',
    cellPrefix: 'ref',
    features: genes,
    labelColumn: 'cell_type',
    labels: referenceLabels,
    depth: referenceDepth,
    dispersion: chosen.dispersion,
    logMean: (label) => programmes[label]!.map((effect, gene) => level[gene]! + effect),
  });
  const query = simulatedStudy(draw('query counts'), {
    name: 'query.h5ad',
    modality: 'gene-activity',
    cellPrefix: 'query',
    features: genes,
    labelColumn: 'true_label',
    labels: queryLabels,
    depth: queryDepth,
    dispersion: chosen.dispersion,
    logMean: (label) =>
      programmes[label]!.map((effect, gene) => level[gene]! + bias[gene]! + (follows[gene] ? attenuation * effect : 0)),
  });
  const queryPeaks = peaksOfQuery(draw('peaks'), chosen, queryLabels, queryDepth);

  const names = simulatedLabels.map((label) => label.name);
  return {
    reference,
    query,
    queryPeaks,
    truth: {
      reference: Array.from(referenceLabels, (label) => names[label]!),
      query: Array.from(queryLabels, (label) => names[label]!),
      labels: names,
      novel: chosen.novelLabel ? names[novelLabel]! : null,
      closePairs: closePairs.map(([a, b]) => [names[a]!, names[b]!] as const),
      markers: Object.fromEntries(names.map((name, label) => [name, raisedFeatures(genes, programmes[label]!)])),
      uninformative: genes.filter((_, gene) => !follows[gene]),
    },
    options: chosen,
  };
}

/** Peaks open in a label with the same close pairs as the genes; levels are low, as in real data most places are closed. */
function peaksOfQuery(
  random: Random,
  options: SimulationOptions,
  labels: Int32Array,
  depth: Float64Array,
): StudyInMemory {
  const level = normals(random, options.peaks, -2.6, 0.8);
  const programmes = labelProgrammes(random, options.peaks, {
    raised: Math.round(options.peaks * 0.08),
    strength: 1.8,
    blend: 0.65,
  });
  const peaks = Array.from({ length: options.peaks }, (_, peak) => {
    const start = 10_000 + 5_000 * (peak % 100);
    return `chr${1 + Math.floor(peak / 100)}:${start}-${start + 500}`;
  });
  return simulatedStudy(random, {
    name: 'query_peaks.h5ad',
    modality: 'peaks',
    cellPrefix: 'query',
    features: peaks,
    labelColumn: null,
    labels,
    depth,
    dispersion: 0,
    logMean: (label) => programmes[label]!.map((effect, peak) => level[peak]! + options.peakSignal * effect),
  });
}

function raisedFeatures(features: readonly string[], effects: Float64Array): string[] {
  return features
    .map((name, feature) => ({ name, effect: effects[feature]! }))
    .filter(({ effect }) => effect > 0)
    .sort((a, b) => b.effect - a.effect)
    .map(({ name }) => name);
}

function normals(random: Random, count: number, mean: number, deviation: number): Float64Array {
  return Float64Array.from({ length: count }, () => mean + deviation * random.normal());
}

function checkOptions(options: SimulationOptions): void {
  for (const name of ['genes', 'peaks', 'referenceCells', 'queryCells'] as const) {
    const value = options[name];
    if (!Number.isInteger(value) || value < 20 || value > 9999) {
      throw new RangeError(`simulatePair: ${name} is ${value}, a whole number from 20 to 9999 is needed`);
    }
  }
  for (const name of ['gap', 'dispersion', 'peakSignal'] as const) {
    const value = options[name];
    if (!(value >= 0 && value <= 3)) throw new RangeError(`simulatePair: ${name} is ${value}, needed is 0 to 3`);
  }
}
