import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { CancelSignal } from '../../base/cancel.ts';
import type { NetworkRows, PreparationNote } from '../../data/aligned-pair.ts';
import { chosenColumns } from '../../train/chosen-columns.ts';
import { csrMatMul } from '../../train/csr-mat-mul.ts';
import { encodeRows } from '../../train/encode-rows.ts';
import { linear } from '../../train/mat-mul-fast.ts';
import type { NamedArrays, TrainedModel } from '../../train/method.ts';
import { readSavedModel, savedModelFields } from '../../train/saved-model.ts';
import type { EncoderLayer } from './network.ts';

export const MODEL_KIND = 'cda-sc-model-1';

/** Rows that are encoded at once. */
const ROWS_AT_ONCE = 1024;

/** Everything a trained CDA-SC model is: plain values, no tensors. */
export interface CdaScModelData {
  readonly labels: readonly string[];
  /** All shared features, whether the network looks at them or not. */
  readonly features: readonly string[];
  /** Columns that enter the network, rising. */
  readonly chosen: Int32Array;
  readonly layers: readonly EncoderLayer[];
  /** [m, K] row by row */
  readonly classifier: Float32Array;
  /** [K] */
  readonly classifierBias: Float32Array;
  readonly steps: number;
  readonly ended: TrainedModel['ended'];
  readonly notes: readonly PreparationNote[];
  readonly settings: unknown;
}

/**
 * A trained model that labels rows: the chosen columns through the layers of the encoder, then softmax(z·C + c).
 * It is not affine, so there are no exact attributions. It holds no tensors between calls, so `dispose` has nothing to free.
 */
export function cdaScModel(data: CdaScModelData): TrainedModel {
  return {
    methodId: 'cda-sc',
    labels: data.labels,
    features: data.features,
    steps: data.steps,
    ended: data.ended,
    notes: data.notes,
    affine: null,
    apply: (rows, signal) => applied(data, rows, signal),
    save: () => saved(data),
    dispose: () => undefined,
  };
}

async function applied(
  data: CdaScModelData,
  rows: NetworkRows,
  signal: CancelSignal | undefined,
): ReturnType<TrainedModel['apply']> {
  const [G, K] = [data.features.length, data.labels.length];
  if (rows.input.columns !== G) {
    throw new RangeError(`apply: rows have ${rows.input.columns} columns, the model ${G} features`);
  }
  const width = data.layers.at(-1)!.bias.length;
  const layers = data.layers.map(({ weights, bias }) => ({
    weights: tf.tensor2d(weights, [weights.length / bias.length, bias.length]),
    bias: tf.tensor1d(bias),
  }));
  const classifier = tf.tensor2d(data.classifier, [width, K]);
  const classifierBias = tf.tensor1d(data.classifierBias);
  try {
    const [embedding, probabilities] = await encodeRows(
      chosenColumns(rows, data.chosen),
      [width, K],
      (batch) => {
        const [first, ...rest] = layers;
        let x: tf.Tensor2D = tf.relu(tf.add(csrMatMul(batch, first!.weights), first!.bias));
        for (const layer of rest) x = tf.relu(linear(x, layer.weights, layer.bias));
        return [x, tf.softmax(linear(x, classifier, classifierBias))];
      },
      { atOnce: ROWS_AT_ONCE, signal },
    );
    return { width, embedding: embedding!, probabilities: probabilities! };
  } finally {
    for (const { weights, bias } of layers) tf.dispose([weights, bias]);
    tf.dispose([classifier, classifierBias]);
  }
}

const Description = z.strictObject({ ...savedModelFields, widths: z.array(z.int().min(1)).min(2) });

function saved(data: CdaScModelData): NamedArrays {
  const { labels, features, steps, ended, settings, chosen, layers } = data;
  const widths = [chosen.length, ...layers.map(({ bias }) => bias.length)];
  const arrays: Record<string, NamedArrays['arrays'][string]> = {
    chosen: { shape: [chosen.length], values: chosen },
    classifier: { shape: [widths.at(-1)!, labels.length], values: data.classifier },
    classifierBias: { shape: [labels.length], values: data.classifierBias },
  };
  layers.forEach(({ weights, bias }, layer) => {
    arrays[`layer${layer}Weights`] = { shape: [widths[layer]!, bias.length], values: weights };
    arrays[`layer${layer}Bias`] = { shape: [bias.length], values: bias };
  });
  return {
    kind: MODEL_KIND,
    description: { labels, features, steps, ended, settings, widths } satisfies z.input<typeof Description> | object,
    arrays,
  };
}

/** The model that `save` wrote; refused where the arrays are not those of a CDA-SC model. */
export function restoreCdaSc(stored: NamedArrays): TrainedModel {
  const { description, floats, integers } = readSavedModel(stored, MODEL_KIND, Description);
  const { widths, ...rest } = description;
  const K = rest.labels.length;
  return cdaScModel({
    ...rest,
    notes: [],
    chosen: integers('chosen', widths[0]!),
    layers: widths.slice(1).map((width, layer) => ({
      weights: floats(`layer${layer}Weights`, widths[layer]! * width),
      bias: floats(`layer${layer}Bias`, width),
    })),
    classifier: floats('classifier', widths.at(-1)! * K),
    classifierBias: floats('classifierBias', K),
  });
}
