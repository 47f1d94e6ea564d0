import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { PreparationNote } from '../../data/aligned-pair.ts';
import type { NamedArrays, TrainedModel } from '../../train/method.ts';
import { readSavedModel, savedModelFields } from '../../train/saved-model.ts';
import { enteringRows, type Entrance, type NetworkOfModel, seen } from './apply-network.ts';
import { labelPatterns } from './interpret/label-patterns.ts';
import { parameterShapes } from './network.ts';

export const MODEL_KIND = 'kida-model-1';

/** Everything a trained KIDA model is: plain values, no tensors. */
export interface KidaModelData extends Entrance, NetworkOfModel {
  readonly labels: readonly string[];
  readonly steps: number;
  readonly ended: TrainedModel['ended'];
  readonly notes: readonly PreparationNote[];
  readonly settings: unknown;
}

/** A trained model that labels rows. It holds no tensors between calls, so `dispose` has nothing to free. */
export function kidaModel(data: KidaModelData): TrainedModel {
  return {
    methodId: 'kida',
    labels: data.labels,
    features: data.features,
    steps: data.steps,
    ended: data.ended,
    notes: data.notes,
    affine: null,
    apply: async (rows, signal) => {
      const [embedding, probabilities] = await seen(
        data,
        await enteringRows(data, rows, signal),
        [data.shape.width, data.labels.length],
        (found) => [found.embedding, tf.softmax(found.logits)],
        signal,
      );
      return { width: data.shape.width, embedding: embedding!, probabilities: probabilities! };
    },
    patterns: (rows, label, signal) => labelPatterns(data, rows, label, signal),
    save: () => saved(data),
    dispose: () => undefined,
  };
}

const Description = z.strictObject({
  ...savedModelFields,
  tokens: z.array(z.string()).min(2),
  links: z.int().min(1),
  genes: z.int().min(1),
  width: z.int().min(1),
  depth: z.int().min(1),
  heads: z.int().min(1),
  layout: z.enum(['by-set', 'interleaved']),
  scaling: z.strictObject({ clip: z.number().positive(), ownFrom: z.int().min(1) }).nullable(),
});

function saved(data: KidaModelData): NamedArrays {
  const { labels, features, steps, ended, settings, chosen, mask, shape, scaling, parameters } = data;
  const description: z.input<typeof Description> = {
    labels: [...labels],
    features: [...features],
    steps,
    ended,
    settings,
    tokens: [...mask.names],
    links: mask.genes.length,
    genes: chosen.length,
    ...shape,
    scaling: scaling === null ? null : { clip: scaling.clip, ownFrom: scaling.ownFrom },
  };
  const vector = (values: Float32Array | Int32Array): NamedArrays['arrays'][string] => ({
    shape: [values.length],
    values,
  });
  return {
    kind: MODEL_KIND,
    description,
    arrays: {
      chosen: vector(chosen),
      tokenStarts: vector(mask.starts),
      tokenGenes: vector(mask.genes),
      ...(scaling === null ? {} : { mean: vector(scaling.moments.mean), deviation: vector(scaling.moments.deviation) }),
      ...parameters,
    },
  };
}

/** The model that `save` wrote; refused where the arrays are not those of a KIDA model. */
export function restoreKida(stored: NamedArrays): TrainedModel {
  return kidaModel(kidaModelData(stored));
}

/** What `save` wrote as the plain values that the model is made of, to look into its network; refused as by `restoreKida`. */
export function kidaModelData(stored: NamedArrays): KidaModelData {
  const { description, floats, integers } = readSavedModel(stored, MODEL_KIND, Description);
  const { labels, features, steps, ended, settings, tokens, links, genes, scaling, ...shape } = description;
  const shapes = parameterShapes({ links, tokens: tokens.length, labels: labels.length }, shape);
  return {
    labels,
    features,
    steps,
    ended,
    settings,
    notes: [],
    shape,
    chosen: integers('chosen', genes),
    mask: {
      names: tokens,
      starts: integers('tokenStarts', tokens.length + 1),
      genes: integers('tokenGenes', links),
      columns: genes,
    },
    scaling:
      scaling === null
        ? null
        : { ...scaling, moments: { mean: floats('mean', genes), deviation: floats('deviation', genes) } },
    parameters: Object.fromEntries(
      Object.entries(shapes).map(([name, of]) => {
        const size = of.reduce((a, b) => a * b, 1);
        return [name, { shape: of, values: floats(name, size) }];
      }),
    ),
  };
}
