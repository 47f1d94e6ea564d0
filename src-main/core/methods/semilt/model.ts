import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { CancelSignal } from '../../base/cancel.ts';
import type { NetworkRows } from '../../data/aligned-pair.ts';
import { csrMatMul } from '../../train/csr-mat-mul.ts';
import { encodeRows } from '../../train/encode-rows.ts';
import { unitLength } from '../../train/mat-mul-fast.ts';
import type { NamedArrays, TrainedModel } from '../../train/method.ts';
import { readSavedModel, savedModelFields } from '../../train/saved-model.ts';
import { centroidScores, type LabelledCells, mixedScores, neighbourScores } from './scores.ts';

export const MODEL_KIND = 'semilt-model-1';

/** Rows that are encoded at once. */
const ROWS_AT_ONCE = 4096;

/** Everything a trained SemiLT model is: the encoder and the reference cells it compares with; plain values, no tensors. */
export interface SemiLTModelData {
  readonly labels: readonly string[];
  readonly features: readonly string[];
  /** W [features, width] row by row */
  readonly encoder: Float32Array;
  /** b [width] */
  readonly encoderBias: Float32Array;
  readonly reference: LabelledCells;
  readonly scoring: {
    /** Nearest reference cells that are counted. */
    readonly neighbours: number;
    /** Share of the centroid score, 0…1. */
    readonly centroidShare: number;
    /** β of softmax(β·score); null gives the score over the sum of the scores. */
    readonly sharpness: number | null;
  };
  readonly steps: number;
  readonly ended: TrainedModel['ended'];
  readonly settings: unknown;
}

/**
 * A trained model that labels rows: unit rows of x·W + b are compared with the reference, P = (1 − s)·(share of each label
 * among the nearest reference cells) + s·exp(−distance to the label's centroid). The classifier of the training has no part
 * in it, and the model is not affine, so there are no exact attributions.
 * It holds no tensors between calls, so `dispose` has nothing to free.
 */
export function semiLTModel(data: SemiLTModelData): TrainedModel {
  return {
    methodId: 'semilt',
    labels: data.labels,
    features: data.features,
    steps: data.steps,
    ended: data.ended,
    affine: null,
    apply: (rows, signal) => applied(data, rows, signal),
    save: () => saved(data),
    dispose: () => undefined,
  };
}

/** Unit rows of x·W + b: [rows, width]. */
export async function embeddedRows(
  { encoder, encoderBias }: Pick<SemiLTModelData, 'encoder' | 'encoderBias'>,
  rows: NetworkRows,
  signal: CancelSignal | undefined,
): Promise<Float32Array> {
  const width = encoderBias.length;
  const weights = tf.tensor2d(encoder, [encoder.length / width, width]);
  const bias = tf.tensor1d(encoderBias);
  try {
    const [embedding] = await encodeRows(
      rows,
      [width],
      (batch) => [unitLength(tf.add(csrMatMul(batch, weights), bias))],
      { atOnce: ROWS_AT_ONCE, signal },
    );
    return embedding!;
  } finally {
    tf.dispose([weights, bias]);
  }
}

async function applied(
  data: SemiLTModelData,
  rows: NetworkRows,
  signal: CancelSignal | undefined,
): ReturnType<TrainedModel['apply']> {
  const G = data.features.length;
  if (rows.input.columns !== G) {
    throw new RangeError(`apply: rows have ${rows.input.columns} columns, the model ${G} features`);
  }
  const { reference, scoring } = data;
  const labels = data.labels.length;
  const embedding = await embeddedRows(data, rows, signal);
  const near = await neighbourScores(embedding, reference, { k: scoring.neighbours, labels, signal });
  const scores = mixedScores(near, centroidScores(embedding, reference), scoring.centroidShare);
  return { width: reference.width, embedding, probabilities: confidences(scores, labels, scoring.sharpness), scores };
}

/** Scores of each row as numbers that sum to 1: softmax(sharpness·score), or score/Σ score. */
export function confidences(scores: Float32Array, labels: number, sharpness: number | null): Float32Array {
  const out = new Float32Array(scores.length);
  for (let from = 0; from < scores.length; from += labels) {
    const row = scores.subarray(from, from + labels);
    const highest = row.reduce((most, score) => Math.max(most, score), -Infinity);
    const raised =
      sharpness === null
        ? Float64Array.from(row)
        : Float64Array.from(row, (score) => Math.exp(sharpness * (score - highest)));
    const sum = raised.reduce((total, value) => total + value, 0);
    for (let k = 0; k < labels; k++) out[from + k] = raised[k]! / sum;
  }
  return out;
}

const Description = z.strictObject({
  ...savedModelFields,
  width: z.int().min(1),
  referenceCells: z.int().min(1),
  scoring: z.strictObject({
    neighbours: z.int().min(1),
    centroidShare: z.number().min(0).max(1),
    sharpness: z.number().nullable(),
  }),
});

function saved(data: SemiLTModelData): NamedArrays {
  const { labels, features, steps, ended, settings, reference, scoring } = data;
  const { width } = reference;
  const referenceCells = reference.label.length;
  return {
    kind: MODEL_KIND,
    description: { labels, features, steps, ended, settings, width, referenceCells, scoring } satisfies
      z.input<typeof Description> | object,
    arrays: {
      encoder: { shape: [features.length, width], values: data.encoder },
      encoderBias: { shape: [width], values: data.encoderBias },
      referenceEmbedding: { shape: [referenceCells, width], values: reference.embedding },
      referenceLabel: { shape: [referenceCells], values: reference.label },
      centroids: { shape: [labels.length, width], values: reference.centroids },
    },
  };
}

/** The model that `save` wrote; refused where the arrays are not those of a SemiLT model. */
export function restoreSemiLT(stored: NamedArrays): TrainedModel {
  const { description, floats, integers } = readSavedModel(stored, MODEL_KIND, Description);
  const { width, referenceCells, ...rest } = description;
  return semiLTModel({
    ...rest,
    encoder: floats('encoder', rest.features.length * width),
    encoderBias: floats('encoderBias', width),
    reference: {
      width,
      embedding: floats('referenceEmbedding', referenceCells * width),
      label: integers('referenceLabel', referenceCells),
      centroids: floats('centroids', rest.labels.length * width),
    },
  });
}
