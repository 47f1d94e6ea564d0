import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { CancelSignal } from '../../base/cancel.ts';
import type { NetworkRows, PreparationNote } from '../../data/aligned-pair.ts';
import { chosenColumns } from '../../train/chosen-columns.ts';
import { encodeRows } from '../../train/encode-rows.ts';
import type { NamedArrays, TrainedModel } from '../../train/method.ts';
import { type NetworkArrays, tensorsOf } from '../../train/network-arrays.ts';
import { readSavedModel, savedModelFields } from '../../train/saved-model.ts';
import { type KidaParameters, type NetworkShape, parameterShapes } from './network.ts';
import { type GeneMoments, geneMoments, standardised } from './standardise.ts';
import { tokenBatch } from './token-batch.ts';
import type { TokenMask } from './token-mask.ts';
import { forward, type Forward } from './transformer.ts';

export const MODEL_KIND = 'kida-model-1';

/** Values per tensor of a batch that is only applied: tokens × width × cells. */
const VALUES_AT_ONCE = 2 ** 20;

/** How values enter the network. */
export interface Scaling {
  /** Of the reference. */
  readonly moments: GeneMoments;
  readonly clip: number;
  /** Rows that are so many or more are scaled by their own moments. */
  readonly ownFrom: number;
}

/** Everything a trained KIDA model is: plain values, no tensors. */
export interface KidaModelData {
  readonly labels: readonly string[];
  /** All shared features, whether the network looks at them or not. */
  readonly features: readonly string[];
  /** Columns that enter the network, rising. */
  readonly chosen: Int32Array;
  /** Null where values are taken as they are. */
  readonly scaling: Scaling | null;
  readonly mask: TokenMask;
  readonly shape: NetworkShape;
  readonly parameters: NetworkArrays;
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
    save: () => saved(data),
    dispose: () => undefined,
  };
}

/** What of a model says how rows enter its network. */
export type Entrance = Pick<KidaModelData, 'features' | 'chosen' | 'scaling'>;

/** Rows of all features as the network takes them: the chosen genes, scaled where the model scales. */
export async function enteringRows(
  { features, chosen, scaling }: Entrance,
  rows: NetworkRows,
  signal?: CancelSignal,
): Promise<NetworkRows> {
  if (rows.input.columns !== features.length) {
    throw new RangeError(`apply: rows have ${rows.input.columns} columns, the model ${features.length} features`);
  }
  const genes = chosenColumns(rows, chosen);
  if (scaling === null) return genes;
  const own = genes.input.rows >= scaling.ownFrom;
  return standardised(genes, own ? await geneMoments(genes, signal) : scaling.moments, scaling.clip);
}

/** What of a model its network is. */
export type NetworkOfModel = Pick<KidaModelData, 'mask' | 'shape' | 'parameters'>;

/**
 * What is wanted of the network for each row, without anything left out: one array [rows, width] per width.
 * @param rows of the chosen genes (`enteringRows`)
 */
export async function seen(
  { mask, shape, parameters }: NetworkOfModel,
  rows: NetworkRows,
  widths: readonly number[],
  wanted: (found: Forward) => readonly tf.Tensor2D[],
  signal?: CancelSignal,
): Promise<Float32Array[]> {
  const tensors = tensorsOf(parameters);
  const T = mask.names.length + 1;
  const perCell = T * shape.width + (shape.depth > 1 ? shape.heads * T * T : 0);
  const atOnce = Math.min(256, Math.max(1, Math.floor(VALUES_AT_ONCE / perCell)));
  try {
    return await encodeRows(
      rows,
      widths,
      (batch) => wanted(forward(tensors as KidaParameters, shape, tokenBatch(mask, batch.parts[0]!), null)),
      { atOnce, signal },
    );
  } finally {
    tf.dispose(tensors);
  }
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
  const { description, floats, integers } = readSavedModel(stored, MODEL_KIND, Description);
  const { labels, features, steps, ended, settings, tokens, links, genes, scaling, ...shape } = description;
  const shapes = parameterShapes({ links, tokens: tokens.length, labels: labels.length }, shape);
  return kidaModel({
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
  });
}
