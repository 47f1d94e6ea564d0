import { z } from 'zod';
import { throwIfCancelled } from '../../base/cancel.ts';
import type { Method, NamedArrays, TrainedModel } from '../../train/method.ts';
import { readSavedModel, savedModelFields } from '../../train/saved-model.ts';
import { type AffineMap, affineRows } from './affine-rows.ts';
import { chosenRows, spreadRows, variableFeatures } from './chosen-features.ts';
import { jointPca } from './joint-pca.ts';
import {
  recommendedFeatures,
  simplePreparation,
  simpleScenarios,
  transformSetting,
  variableFeaturesSetting,
} from './simple-settings.ts';

const settings = z.strictObject({ transform: transformSetting, variableFeatures: variableFeaturesSetting });
type Settings = z.output<typeof settings>;

const id = 'majority';
const KIND = `${id}-model-1`;
/** Principal components that place the cells on the map. */
const COMPONENTS = 30;

interface Data {
  readonly labels: readonly string[];
  readonly features: readonly string[];
  /** [labels] share of each label in the reference */
  readonly shares: Float32Array;
  readonly map: AffineMap;
  readonly settings: unknown;
}

/** Every cell gets the commonest label of the reference. Confidence is that label's share in the reference. */
export const majority: Method<Settings> = {
  id,
  group: 'simple',
  title: 'Most frequent label',
  summary: 'Gives every cell the commonest label of the reference: what a method must beat to have learned anything.',
  source: {
    citation: 'no method; the usual floor of comparisons',
    link: 'https://scikit-learn.org/stable/modules/generated/sklearn.dummy.DummyClassifier.html',
    differences: 'The map of cells shows the first principal components of both studies together.',
  },
  scenarios: simpleScenarios,
  settings,
  preset: recommendedFeatures,
  presets: {},
  preparation: simplePreparation,
  async train(pair, settings, { seed, signal }) {
    throwIfCancelled(signal);
    const shares = new Float32Array(pair.labels.length);
    for (const label of pair.reference.label) shares[label]! += 1 / pair.reference.label.length;
    const places = await variableFeatures(pair, settings.variableFeatures, signal);
    const sides = [chosenRows(pair.reference, places), chosenRows(pair.query, places)];
    const pca = await jointPca(sides, COMPONENTS, { seed, signal });
    const map = { ...pca, weights: spreadRows(pca.weights, places, pair.features.length, pca.width) };
    return model({ labels: pair.labels, features: pair.features, shares, map, settings: { ...settings, seed } });
  },
  restore,
};

function model(data: Data): TrainedModel {
  const { labels, features, map, shares } = data;
  return {
    methodId: id,
    labels,
    features,
    steps: 0,
    ended: 'all-steps',
    affine: null,
    async apply(rows, signal) {
      const embedding = await affineRows(map, rows, signal);
      const probabilities = new Float32Array(rows.input.rows * labels.length);
      for (let row = 0; row < rows.input.rows; row++) probabilities.set(shares, row * labels.length);
      return { width: map.width, embedding, probabilities };
    },
    save: () => saved(data),
    dispose: () => undefined,
  };
}

const Description = z.strictObject({ ...savedModelFields, width: z.int().min(1) });

function saved({ labels, features, map, shares, settings }: Data): NamedArrays {
  return {
    kind: KIND,
    description: { labels, features, steps: 0, ended: 'all-steps', settings, width: map.width },
    arrays: {
      shares: { shape: [labels.length], values: shares },
      weights: { shape: [features.length, map.width], values: map.weights },
      bias: { shape: [map.width], values: map.bias },
    },
  };
}

function restore(stored: NamedArrays): TrainedModel {
  const { description, floats } = readSavedModel(stored, KIND, Description);
  const { labels, features, width, settings } = description;
  return model({
    labels,
    features,
    settings,
    shares: floats('shares', labels.length),
    map: { width, weights: floats('weights', features.length * width), bias: floats('bias', width) },
  });
}
