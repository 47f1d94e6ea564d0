import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { AppError } from '../../base/app-error.ts';
import { type CancelSignal, throwIfCancelled } from '../../base/cancel.ts';
import type { NetworkRows } from '../../data/aligned-pair.ts';
import { blocksOf } from '../../data/sparse-rows.ts';
import { rowRange } from '../../train/csr-batch.ts';
import { csrMatMul } from '../../train/csr-mat-mul.ts';
import { linear } from '../../train/mat-mul-fast.ts';
import type { AffineModel, NamedArrays, TrainedModel } from '../../train/method.ts';

export const MODEL_KIND = 'cellpredx-model-1';

/** Rows that are encoded at once. */
const ROWS_AT_ONCE = 4096;

/** Everything a trained CellPredX model is: plain values, no tensors. */
export interface CellPredXModelData extends AffineModel {
  readonly labels: readonly string[];
  readonly features: readonly string[];
  readonly steps: number;
  readonly ended: TrainedModel['ended'];
  /** Settings and seed, kept for the record. */
  readonly settings: unknown;
}

/**
 * A trained model that labels rows: z = x·W + b, p = softmax(z·C + c). Attention shapes training only and has no part in it.
 * It holds no tensors between calls, so `dispose` has nothing to free.
 */
export function cellPredXModel(data: CellPredXModelData): TrainedModel {
  return {
    methodId: 'cellpredx',
    labels: data.labels,
    features: data.features,
    steps: data.steps,
    ended: data.ended,
    affine: data,
    apply: (rows, signal) => applied(data, rows, signal),
    save: () => saved(data),
    dispose: () => undefined,
  };
}

/** The model that `save` wrote; refused where the arrays are not those of a CellPredX model. */
export function restoreCellPredX(stored: NamedArrays): TrainedModel {
  if (stored.kind !== MODEL_KIND) {
    throw new AppError('training.model-unreadable', { found: `of kind "${stored.kind}"`, needed: `"${MODEL_KIND}"` });
  }
  const description = Description.safeParse(stored.description);
  if (!description.success) {
    throw new AppError('training.model-unreadable', {
      found: 'without a readable description',
      needed: 'one with labels, features and width',
    });
  }
  const { labels, features, width } = description.data;
  const array = (name: string, size: number): Float32Array => {
    const values = stored.arrays[name]?.values;
    if (!(values instanceof Float32Array) || values.length !== size) {
      const found = values === undefined ? 'nothing' : `${values.length} numbers`;
      throw new AppError('training.model-unreadable', {
        found: `holding ${found} for "${name}"`,
        needed: `${size} float32 numbers`,
      });
    }
    return values;
  };
  return cellPredXModel({
    ...description.data,
    encoder: array('encoder', features.length * width),
    encoderBias: array('encoderBias', width),
    classifier: array('classifier', width * labels.length),
    classifierBias: array('classifierBias', labels.length),
  });
}

const Description = z.strictObject({
  labels: z.array(z.string()).min(1),
  features: z.array(z.string()).min(1),
  width: z.int().min(1),
  steps: z.int().min(0),
  ended: z.enum(['all-steps', 'early-stop']),
  settings: z.unknown(),
});

function saved(data: CellPredXModelData): NamedArrays {
  const { labels, features, width, steps, ended, settings } = data;
  return {
    kind: MODEL_KIND,
    description: { labels, features, width, steps, ended, settings } satisfies z.input<typeof Description> | object,
    arrays: {
      encoder: { shape: [features.length, width], values: data.encoder },
      encoderBias: { shape: [width], values: data.encoderBias },
      classifier: { shape: [width, labels.length], values: data.classifier },
      classifierBias: { shape: [labels.length], values: data.classifierBias },
    },
  };
}

async function applied(
  data: CellPredXModelData,
  { input: rows, shift }: NetworkRows,
  signal: CancelSignal | undefined,
): ReturnType<TrainedModel['apply']> {
  const { width } = data;
  const [G, K] = [data.features.length, data.labels.length];
  if (rows.columns !== G) throw new RangeError(`apply: rows have ${rows.columns} columns, the model ${G} features`);
  const embedding = new Float32Array(rows.rows * width);
  const probabilities = new Float32Array(rows.rows * K);
  const encoder = tf.tensor2d(data.encoder, [G, width]);
  const encoderBias = tf.tensor1d(data.encoderBias);
  const classifier = tf.tensor2d(data.classifier, [width, K]);
  const classifierBias = tf.tensor1d(data.classifierBias);
  try {
    for await (const block of blocksOf(rows, signal)) {
      const { matrix } = block;
      for (let from = 0; from < matrix.rows; from += ROWS_AT_ONCE) {
        throwIfCancelled(signal);
        const batch = rowRange(matrix, from, Math.min(matrix.rows, from + ROWS_AT_ONCE), shift);
        const [z, p] = tf.tidy(() => {
          const embedded = tf.add(csrMatMul(batch, encoder), encoderBias) as tf.Tensor2D;
          return [embedded, tf.softmax(linear(embedded, classifier, classifierBias))] as const;
        }) as [tf.Tensor2D, tf.Tensor2D];
        embedding.set(await z.data<'float32'>(), (block.from + from) * width);
        probabilities.set(await p.data<'float32'>(), (block.from + from) * K);
        tf.dispose([z, p]);
        await tf.nextFrame();
      }
    }
  } finally {
    tf.dispose([encoder, encoderBias, classifier, classifierBias]);
  }
  return { width, embedding, probabilities };
}
