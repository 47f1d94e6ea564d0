import { z } from 'zod';
import type { NamedArrays, TrainedModel } from '../../train/method.ts';
import { readSavedModel, savedModelFields } from '../../train/saved-model.ts';
import { type AffineMap, affineRows, softmaxRows } from './affine-rows.ts';

/** A trained linear classifier: one score per label, and how sharply scores become probabilities. */
export interface LinearModelData {
  readonly methodId: string;
  readonly labels: readonly string[];
  readonly features: readonly string[];
  /** One row of weights per feature, one score per label; zero for features that were not looked at. */
  readonly scores: AffineMap;
  /** β of softmax(β·score). */
  readonly sharpness: number;
  /** C that was fitted with. */
  readonly penalty: number;
  readonly steps: number;
  readonly ended: TrainedModel['ended'];
  readonly notes: TrainedModel['notes'];
  readonly settings: unknown;
}

/**
 * Labels rows by u = x·W + b and probabilities softmax(β·u). Where a cell lies (the embedding) is its scores u, so the model
 * is affine and the features that decided can be told exactly.
 */
export function linearModel(data: LinearModelData): TrainedModel {
  const { labels, features, scores, sharpness } = data;
  const K = labels.length;
  const diagonal = Float32Array.from({ length: K * K }, (_, i) => (i % (K + 1) === 0 ? sharpness : 0));
  return {
    methodId: data.methodId,
    labels,
    features,
    steps: data.steps,
    ended: data.ended,
    ...(data.notes === undefined ? {} : { notes: data.notes }),
    affine: {
      width: K,
      encoder: scores.weights,
      encoderBias: scores.bias,
      classifier: diagonal,
      classifierBias: new Float32Array(K),
    },
    async apply(rows, signal) {
      const embedding = await affineRows(scores, rows, signal);
      const probabilities = softmaxRows(embedding, K, sharpness);
      return { width: K, embedding, probabilities, ...(sharpness === 1 ? {} : { scores: embedding }) };
    },
    save: () => saved(data),
    dispose: () => undefined,
  };
}

const Description = z.strictObject({ ...savedModelFields, sharpness: z.number(), penalty: z.number() });

function kindOf(methodId: string): string {
  return `${methodId}-model-1`;
}

function saved({ methodId, labels, features, scores, steps, ended, settings, sharpness, penalty }: LinearModelData) {
  return {
    kind: kindOf(methodId),
    description: { labels, features, steps, ended, settings, sharpness, penalty },
    arrays: {
      weights: { shape: [features.length, labels.length], values: scores.weights },
      bias: { shape: [labels.length], values: scores.bias },
    },
  } satisfies NamedArrays;
}

/** The model that `save` of this method wrote; refused where the arrays are not those of such a model. */
export function restoreLinear(methodId: string, stored: NamedArrays): TrainedModel {
  const { description, floats } = readSavedModel(stored, kindOf(methodId), Description);
  const [G, K] = [description.features.length, description.labels.length];
  return linearModel({
    ...description,
    methodId,
    notes: undefined,
    scores: { width: K, weights: floats('weights', G * K), bias: floats('bias', K) },
  });
}
