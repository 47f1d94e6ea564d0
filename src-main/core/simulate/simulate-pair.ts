import { Random } from '../base/random.ts';
import { checkOptions } from './check-options.ts';
import { closePairs, drawLabels, labelProgrammes, novelLabel, simulatedLabels } from './label-programmes.ts';
import { peaksOfQuery } from './query-peaks.ts';
import type { SimulatedPair, SimulationOptions } from './simulated-pair.ts';
import { normals, type SetActivity, simulatedStudy } from './simulated-study.ts';

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
 * query and its peaks. The eight labels and their shares are those of `simulatedLabels`. What `SimulationTwists` names departs from
 * this; a background of the query is added to its mean, depth · ambient · e_g.
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
  const raised = Math.round(chosen.genes * programme.share);
  const sets = geneSetsOf(draw('gene sets of programmes'), chosen, raised);
  const programmes = labelProgrammes(geneRandom, chosen.genes, {
    raised,
    strength: programme.strength,
    blend: chosen.blend ?? programme.blend,
    ...(sets.length === 0 ? {} : { sets }),
  });
  const bias = normals(geneRandom, chosen.genes, 0, chosen.bias ?? chosen.gap);
  const silent = chosen.uninformative ?? 0.35 * chosen.gap;
  const follows = Array.from({ length: chosen.genes }, () => geneRandom.uniform() >= silent);
  const ambient = chosen.ambient ?? 0;
  const backgroundRandom = draw('background');
  const background = Float64Array.from(
    { length: chosen.genes },
    () => -ambient * Math.log(1 - backgroundRandom.uniform()),
  );

  const cellRandom = draw('cells');
  const shares = chosen.queryShares ?? simulatedLabels.map((label) => label.share);
  const referenceShares =
    chosen.referenceShares ?? shares.map((share, label) => (chosen.novelLabel && label === novelLabel ? 0 : share));
  const referenceLabels = drawLabels(cellRandom, chosen.referenceCells, referenceShares);
  const queryLabels = drawLabels(cellRandom, chosen.queryCells, shares);
  const referenceDepth = normals(cellRandom, chosen.referenceCells, 0, 0.3).map(Math.exp);
  const queryDepth = normals(cellRandom, chosen.queryCells, chosen.queryDepth ?? -0.7, 0.4).map(Math.exp);

  const genes = Array.from({ length: chosen.genes }, (_, gene) => `simGene${String(gene + 1).padStart(4, '0')}`);
  const attenuation = chosen.attenuation ?? 0.6 - 0.15 * chosen.gap;
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
    ...activityOf(draw('sets of the reference'), chosen, sets, chosen.referenceCells),
  });
  const query = simulatedStudy(draw('query counts'), {
    name: 'query.h5ad',
    modality: chosen.queryModality ?? 'gene-activity',
    cellPrefix: 'query',
    features: genes,
    labelColumn: 'true_label',
    labels: queryLabels,
    depth: queryDepth,
    dispersion: chosen.dispersion,
    logMean: (label) =>
      programmes[label]!.map((effect, gene) => {
        const own = level[gene]! + bias[gene]! + (follows[gene] ? attenuation * effect : 0);
        return ambient === 0 ? own : Math.log(Math.exp(own) + background[gene]!);
      }),
    ...activityOf(draw('sets of the query'), chosen, sets, chosen.queryCells),
  });
  const queryPeaks = peaksOfQuery(draw('peaks'), chosen, queryLabels, queryDepth);

  const names = simulatedLabels.map((label) => label.name);
  const occurs = (label: number): boolean => shares[label]! > 0 || referenceShares[label]! > 0;
  const missing = names.filter((_, label) => shares[label]! > 0 && referenceShares[label]! === 0);
  return {
    reference,
    query,
    queryPeaks,
    truth: {
      reference: Array.from(referenceLabels, (label) => names[label]!),
      query: Array.from(queryLabels, (label) => names[label]!),
      labels: names.filter((_, label) => occurs(label)),
      novel: missing[0] ?? null,
      closePairs: closePairs.filter((pair) => pair.every(occurs)).map(([a, b]) => [names[a]!, names[b]!] as const),
      markers: Object.fromEntries(names.map((name, label) => [name, raisedFeatures(genes, programmes[label]!)])),
      uninformative: genes.filter((_, gene) => !follows[gene]),
      geneSets: sets.map((set) => Array.from(set, (gene) => genes[gene]!)),
    },
    options: chosen,
  };
}

/** Random sets of genes in gene order, those of the labels first; none where expression is not drawn through sets. */
function geneSetsOf(random: Random, { geneSets = 0, setSize, genes }: SimulationOptions, raised: number): Int32Array[] {
  return Array.from({ length: geneSets }, () => random.sample(genes, setSize ?? raised).sort());
}

/** How every set stands in every cell of a study. */
function activityOf(
  random: Random,
  { setActivity = 0.5 }: SimulationOptions,
  sets: readonly Int32Array[],
  cells: number,
): { activity?: SetActivity } {
  return sets.length === 0 ? {} : { activity: { sets, values: normals(random, cells * sets.length, 0, setActivity) } };
}

function raisedFeatures(features: readonly string[], effects: Float64Array): string[] {
  return features
    .map((name, feature) => ({ name, effect: effects[feature]! }))
    .filter(({ effect }) => effect > 0)
    .sort((a, b) => b.effect - a.effect)
    .map(({ name }) => name);
}
