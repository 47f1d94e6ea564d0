import { z } from 'zod';
import { throwIfCancelled } from '../../base/cancel.ts';
import { rowsAt } from '../../data/sparse-rows.ts';
import type { Method, NamedArrays, TrainedModel } from '../../train/method.ts';
import { readSavedModel, savedModelFields } from '../../train/saved-model.ts';
import { neighbourScores } from '../semilt/scores.ts';
import { type AffineMap, affineRows } from './affine-rows.ts';
import { chosenRows, spreadRows, variableFeatures } from './chosen-features.ts';
import { jointPca } from './joint-pca.ts';
import { referencePart } from './reference-part.ts';
import {
  meta,
  recommendedFeatures,
  referenceCellsSetting,
  simplePreparation,
  simpleScenarios,
  transformSetting,
  variableFeaturesSetting,
} from './simple-settings.ts';

const settings = z.strictObject({
  transform: transformSetting,
  variableFeatures: variableFeaturesSetting,
  components: z
    .int()
    .min(2)
    .max(500)
    .default(50)
    .describe('Principal components of both studies together in which cells are compared.')
    .meta(meta('Components', 'Neighbours')),
  neighbours: z
    .int()
    .min(1)
    .max(1000)
    .default(15)
    .describe('Nearest reference cells that vote.')
    .meta(meta('Nearest reference cells', 'Neighbours', false)),
  referenceCells: referenceCellsSetting,
});
type Settings = z.output<typeof settings>;

const id = 'nearest-neighbours';
const KIND = `${id}-model-1`;

interface Data {
  readonly labels: readonly string[];
  readonly features: readonly string[];
  readonly map: AffineMap;
  readonly neighbours: number;
  /** [cells, width] and [cells] */
  readonly reference: { readonly embedding: Float32Array; readonly label: Int32Array };
  readonly settings: unknown;
}

/** The label most frequent among the nearest reference cells. Confidence is the share of its votes. */
export const nearestNeighbours: Method<Settings> = {
  id,
  group: 'simple',
  title: 'Nearest neighbours',
  summary: 'Takes the commonest label among the 15 most similar reference cells; its confidence is their share.',
  source: {
    citation: 'Cover & Hart 1967, IEEE Trans Inf Theory',
    link: 'https://doi.org/10.1109/TIT.1967.1053964',
    differences: 'Cells are compared by Euclidean distance in the first principal components of both studies together.',
  },
  scenarios: simpleScenarios,
  settings,
  preset: recommendedFeatures,
  presets: {},
  preparation: simplePreparation,
  async train(pair, settings, { seed, signal }) {
    throwIfCancelled(signal);
    const places = await variableFeatures(pair, settings.variableFeatures, signal);
    const [reference, query] = [chosenRows(pair.reference, places), chosenRows(pair.query, places)];
    const pca = await jointPca([reference, query], settings.components, { seed, signal });
    const part = referencePart(pair.reference.label, pair.labels.length, settings.referenceCells, seed);
    const embedding = await affineRows(pca, { ...reference, input: await rowsAt(reference.input, part) }, signal);
    const label = Int32Array.from(part, (cell) => pair.reference.label[cell]!);
    const weights = spreadRows(pca.weights, places, pair.features.length, pca.width);
    return model({
      labels: pair.labels,
      features: pair.features,
      map: { ...pca, weights },
      neighbours: settings.neighbours,
      reference: { embedding, label },
      settings: { ...settings, seed },
    });
  },
  restore,
};

function model(data: Data): TrainedModel {
  const { labels, features, map, reference, neighbours } = data;
  const { width } = map;
  const compared = nearestBySize(reference.embedding, width, (squares) => -squares / 2);
  return {
    methodId: id,
    labels,
    features,
    steps: 0,
    ended: 'all-steps',
    affine: null,
    async apply(rows, signal) {
      const embedding = await affineRows(map, rows, signal);
      const probabilities = await neighbourScores(
        nearestBySize(embedding, width, () => 1),
        { width: width + 1, embedding: compared, label: reference.label },
        { k: neighbours, labels: labels.length, signal },
      );
      return { width, embedding, probabilities };
    },
    save: () => saved(data),
    dispose: () => undefined,
  };
}

/**
 * Each row with one more number, made of its sum of squares. The product of (a, 1) and (b, −‖b‖²/2) is (‖a‖² − ‖a − b‖²)/2,
 * so that among all b the one of largest product is the nearest.
 */
function nearestBySize(rows: Float32Array, width: number, last: (squares: number) => number): Float32Array {
  const out = new Float32Array((rows.length / width) * (width + 1));
  for (let row = 0; row * width < rows.length; row++) {
    const own = rows.subarray(row * width, (row + 1) * width);
    out.set(own, row * (width + 1));
    out[row * (width + 1) + width] = last(own.reduce((sum, x) => sum + x * x, 0));
  }
  return out;
}

const Description = z.strictObject({
  ...savedModelFields,
  width: z.int().min(1),
  neighbours: z.int().min(1),
  referenceCells: z.int().min(1),
});

function saved({ labels, features, map, neighbours, reference, settings }: Data): NamedArrays {
  const cells = reference.label.length;
  return {
    kind: KIND,
    description: {
      ...{ labels, features, steps: 0, ended: 'all-steps', settings },
      ...{ width: map.width, neighbours, referenceCells: cells },
    },
    arrays: {
      weights: { shape: [features.length, map.width], values: map.weights },
      bias: { shape: [map.width], values: map.bias },
      referenceEmbedding: { shape: [cells, map.width], values: reference.embedding },
      referenceLabel: { shape: [cells], values: reference.label },
    },
  };
}

function restore(stored: NamedArrays): TrainedModel {
  const { description, floats, integers } = readSavedModel(stored, KIND, Description);
  const { labels, features, width, neighbours, referenceCells, settings } = description;
  return model({
    labels,
    features,
    neighbours,
    settings,
    map: { width, weights: floats('weights', features.length * width), bias: floats('bias', width) },
    reference: {
      embedding: floats('referenceEmbedding', referenceCells * width),
      label: integers('referenceLabel', referenceCells),
    },
  });
}
