import { assess } from '#core/assess/assess';
import type { Assessment } from '#core/assess/assessment';
import { embeddingSpread } from '#core/assess/embedding-spread';
import { silhouettes } from '#core/assess/silhouettes';
import { topDifferentialFeatures } from '#core/assess/top-differential-features';
import type { AlignedPair } from '#core/data/aligned-pair';
import type { LabelTransfer } from '#core/data/label-transfer';
import { isInMemory } from '#core/data/sparse-rows';
import { determinantFeatures } from '#core/interpret/determinant-features';
import { setAttention } from '#core/methods/kida/interpret/set-attention';
import { specificSets } from '#core/methods/kida/interpret/specific-sets';
import { kidaModelData } from '#core/methods/kida/model';
import { lognorm } from '#core/prepare/lognorm';
import { neighbourAgreement } from '#core/prepare/neighbour-agreement';
import type { SimulatedPair } from '#core/simulate/simulated-pair';
import { programmeName } from '#core/simulate/simulated-gene-sets';
import type { ResultChoices, TrainedModel } from '#core/train/method';
import { unitRows } from '#core/transfer/smooth-labels';
import { createNeighbourSearch } from '#engine/neighbours/neighbour-search';

/** A trained model on a simulated pair, and what it says of it. */
export interface Trained {
  readonly simulated: SimulatedPair;
  readonly pair: AlignedPair;
  readonly model: TrainedModel;
  readonly transfer: LabelTransfer;
  /** How determinant features are read from it. */
  readonly choices: ResultChoices;
}

/** What can be measured of any method. Silhouettes and neighbours are those of unit rows, as the losses compare cells by their cosine. */
export type MeasureName =
  | 'accuracy'
  | 'macro-F1'
  | 'F1 under 8 %'
  | 'F1 under 6 %'
  | 'F1 under 3 %'
  | 'F1 of close pairs'
  | 'AUROC of novel'
  | 'silhouette of studies'
  | 'silhouette of labels'
  | 'silhouette of query labels'
  | 'neighbour purity'
  | 'raw neighbour purity'
  | 'spread of the query'
  | 'effective rank'
  | 'off-diagonal covariance'
  | 'off-diagonal correlation'
  | 'planted among 50 determinants'
  | 'planted among 50 differential'
  | 'planted among 50 random'
  | 'planted set in top ten'
  | 'planted set in top ten, above 5 %'
  | 'rank of planted set';

/** Every measure of a trained model; NaN where it is not defined for the method or the pair. */
export async function measured(trained: Trained, seed: number): Promise<Record<MeasureName, number>> {
  const { simulated, pair, transfer } = trained;
  const { truth } = simulated;
  const assessment = assess(transfer, truth.query, { threshold: 0.95, seed });
  const { closed, novelty } = assessment;
  const close = new Set(truth.closePairs.flat());
  const spread = embeddingSpread(transfer.query.embedding, transfer.query.width);
  return {
    accuracy: closed.accuracy ?? NaN,
    'macro-F1': closed.macroF1 ?? NaN,
    'F1 under 8 %': rareF1(assessment, 0.08),
    'F1 under 6 %': rareF1(assessment, 0.06),
    'F1 under 3 %': rareF1(assessment, 0.03),
    'F1 of close pairs': mean(closed.labels.filter(({ label }) => close.has(label)).map(({ f1 }) => f1)),
    'AUROC of novel': novelty?.auroc ?? NaN,
    ...separation(trained),
    'neighbour purity': await purity(trained),
    'raw neighbour purity': pair.query.neighbours.k < 2 ? NaN : neighbourAgreement(pair.query.neighbours, truth.query),
    'spread of the query': spread.deviation,
    'effective rank': spread.effectiveRank,
    'off-diagonal covariance': spread.offDiagonalCovariance,
    'off-diagonal correlation': spread.offDiagonalCorrelation,
    ...(await plantedGenes(trained)),
    ...(await plantedSets(trained)),
  };
}

/** Mean F1 over the labels that hold less than this share of the query's cells and occur in it and in the reference. */
function rareF1({ closed, cells }: Assessment, below: number): number {
  const rare = closed.labels.filter(({ support }) => support > 0 && support / cells.withTruth < below);
  return mean(rare.map(({ f1 }) => f1));
}

function separation({ simulated, pair, transfer }: Trained): Record<Silhouette, number> {
  const { width, embedding } = transfer.query;
  const joint = new Float32Array(transfer.reference.embedding.length + embedding.length);
  joint.set(unitRows(transfer.reference.embedding, width));
  joint.set(unitRows(embedding, width), transfer.reference.embedding.length);
  const references = pair.reference.label.length;
  const known = simulated.truth.query.map((label) => pair.labels.indexOf(label));
  const [studies, labels, query] = silhouettes(joint, width, [
    [...pair.reference.label.map(() => 0), ...known.map((label) => (label < 0 ? -1 : 1))],
    [...pair.reference.label, ...known],
    [...new Int32Array(references).fill(-1), ...known],
  ]);
  return {
    'silhouette of studies': studies ?? NaN,
    'silhouette of labels': labels ?? NaN,
    'silhouette of query labels': query ?? NaN,
  };
}

type Silhouette = 'silhouette of studies' | 'silhouette of labels' | 'silhouette of query labels';

/** How often the 10 nearest query cells of a query cell have its true label, in the learned space. */
async function purity({ simulated, transfer }: Trained): Promise<number> {
  const { embedding, width } = transfer.query;
  const graph = await createNeighbourSearch().search(unitRows(embedding, width), width, 10, 'manhattan', {});
  return neighbourAgreement(graph, simulated.truth.query);
}

/** Share of a label's 50 strongest features that it raises by design, mean over labels: determinant, most differential, and random ones. */
async function plantedGenes(trained: Trained): Promise<Record<PlantedGenes, number>> {
  const { simulated, pair, model, transfer, choices } = trained;
  const markers = (label: string): ReadonlySet<string> => new Set(simulated.truth.markers[label]);
  const share = (label: string, features: readonly string[]): number =>
    features.filter((feature) => markers(label).has(feature)).length / features.length;
  const found = new Map<string, string[]>();
  const options = { ranking: choices.attributionRanking, perCell: choices.featuresPerCell };
  for (const { label, feature } of await determinantFeatures(model, pair, transfer, options)) {
    found.set(label, [...(found.get(label) ?? []), feature]);
  }
  const { counts } = pair.query;
  if (!isInMemory(counts)) throw new Error('ablation: simulated counts lie in memory');
  const differential = topDifferentialFeatures(lognorm(counts), transfer.query.predicted, pair.labels.length, 50);
  const labels = [...found.keys()];
  return {
    'planted among 50 determinants': mean(labels.map((label) => share(label, found.get(label)!))),
    'planted among 50 differential': mean(
      labels.map((label) =>
        share(
          label,
          differential[pair.labels.indexOf(label)]!.map((feature) => pair.features[feature]!),
        ),
      ),
    ),
    'planted among 50 random': mean(labels.map((label) => markers(label).size / pair.features.length)),
  };
}

type PlantedGenes = 'planted among 50 determinants' | 'planted among 50 differential' | 'planted among 50 random';

/** Where the set of each label stands among the sets its cells attend to otherwise than other cells (KIDA). */
async function plantedSets({ pair, model, transfer }: Trained): Promise<Record<PlantedSets, number>> {
  if (model.methodId !== 'kida') {
    return { 'planted set in top ten': NaN, 'planted set in top ten, above 5 %': NaN, 'rank of planted set': NaN };
  }
  const data = kidaModelData(model.save());
  const sets = data.mask.names.length - 1;
  const attention = await setAttention(data, pair.query);
  const ranked = specificSets(attention, sets, transfer.query.predicted, pair.labels.length, sets);
  const labelled = pair.labels.map((_, label) => pair.reference.label.filter((own) => own === label).length);
  const ranks = ranked.flatMap((found, label) => {
    if (found.length === 0) return []; // a label that fewer than two cells were given
    const own = data.mask.names.indexOf(programmeName(pair.labels[label]!));
    const place = found.findIndex(({ set }) => set === own);
    return [{ label, rank: place < 0 ? sets : place + 1 }];
  });
  const frequent = (label: number): boolean => labelled[label]! > 0.05 * pair.reference.label.length;
  const found = ranks.filter(({ rank }) => rank <= 10);
  return {
    'planted set in top ten': found.length / pair.labels.length,
    'planted set in top ten, above 5 %':
      found.filter(({ label }) => frequent(label)).length / pair.labels.filter((_, label) => frequent(label)).length,
    'rank of planted set': mean(ranks.map(({ rank }) => rank)),
  };
}

type PlantedSets = 'planted set in top ten' | 'planted set in top ten, above 5 %' | 'rank of planted set';

function mean(values: readonly number[]): number {
  return values.length === 0 ? NaN : values.reduce((a, b) => a + b, 0) / values.length;
}
