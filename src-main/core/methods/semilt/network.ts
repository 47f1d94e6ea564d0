import type * as tf from '@tensorflow/tfjs-core';
import { Random } from '../../base/random.ts';
import { type NetworkArrays, parametersWithMoments, uniformArray } from '../../train/network-arrays.ts';

/** Everything that is trained: z = x·W + b, and a classifier that is used in training only. */
export interface SemiLTParameters extends Record<string, tf.Tensor> {
  /** W [features, width] */
  readonly encoder: tf.Tensor2D;
  readonly encoderBias: tf.Tensor1D;
  /** [width, K] */
  readonly classifier: tf.Tensor2D;
  readonly classifierBias: tf.Tensor1D;
}

/** The network before training, the same for the same seed: a layer with a inputs uniform in ±1/√a, moments 0. */
export function initialArrays(features: number, width: number, labels: number, seed: number): NetworkArrays {
  const random = Random.forPurpose(seed, 'initial-weights');
  const parameters = {
    encoder: uniformArray(random, [features, width], features),
    encoderBias: uniformArray(random, [width], features),
    classifier: uniformArray(random, [width, labels], width),
    classifierBias: uniformArray(random, [labels], width),
  };
  return parametersWithMoments(parameters, 'sgd');
}
