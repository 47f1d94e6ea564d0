import type * as tf from '@tensorflow/tfjs-core';
import { Random } from '../../base/random.ts';
import { BATCH_NORM_EPSILON } from '../../train/batch-norm.ts';
import {
  filledArray,
  named,
  type NamedArray,
  type NetworkArrays,
  parametersWithMoments,
  uniformArray,
} from '../../train/network-arrays.ts';
import type { CdaScSettings } from './settings.ts';

/** Widths of the encoder, from its input to the embedding: two or three layers. */
export function encoderWidths(
  features: number,
  { encoder, hiddenWidth, middleWidth, embeddingWidth }: CdaScSettings,
): readonly number[] {
  return encoder === 'three-layer'
    ? [features, hiddenWidth, middleWidth, embeddingWidth]
    : [features, hiddenWidth, embeddingWidth];
}

/** Everything that is trained; `layer0Weights` takes the sparse input. */
export interface CdaScParameters extends Record<string, tf.Tensor> {
  /** [m, K] */
  readonly classifier: tf.Tensor2D;
  readonly classifierBias: tf.Tensor1D;
  /** [m, discriminatorWidth] */
  readonly domainHidden: tf.Tensor2D;
  readonly domainHiddenBias: tf.Tensor1D;
  /** [discriminatorWidth, 1] */
  readonly domainOutput: tf.Tensor2D;
  readonly domainOutputBias: tf.Tensor1D;
}

/**
 * The network before training, the same for the same seed: weights and biases of a layer with a inputs uniform in ±1/√a,
 * batch norm γ = 1, β = 0 with running mean 0 and variance 1, moments 0. Layers in front of batch norm have no bias: it would
 * be taken away again with the mean.
 */
export function initialArrays(features: number, labels: number, settings: CdaScSettings, seed: number): NetworkArrays {
  const random = Random.forPurpose(seed, 'initial-weights');
  const widths = encoderWidths(features, settings);
  const parameters: Record<string, NamedArray> = {};
  const running: Record<string, NamedArray> = {};
  widths.slice(1).forEach((width, layer) => {
    const inputs = widths[layer]!;
    parameters[`layer${layer}Weights`] = uniformArray(random, [inputs, width], inputs);
    parameters[`layer${layer}Scale`] = filledArray([width], 1);
    parameters[`layer${layer}Shift`] = filledArray([width], 0);
    running[`layer${layer}Mean`] = filledArray([width], 0);
    running[`layer${layer}Variance`] = filledArray([width], 1);
  });
  const m = settings.embeddingWidth;
  const d = settings.discriminatorWidth;
  parameters['classifier'] = uniformArray(random, [m, labels], m);
  parameters['classifierBias'] = uniformArray(random, [labels], m);
  parameters['domainHidden'] = uniformArray(random, [m, d], m);
  parameters['domainHiddenBias'] = uniformArray(random, [d], m);
  parameters['domainOutput'] = uniformArray(random, [d, 1], d);
  parameters['domainOutputBias'] = uniformArray(random, [1], d);
  return { ...parametersWithMoments(parameters, 'adam'), ...named('running', running) };
}

/** A layer as it is after training: relu(x·W + b), with batch norm folded into W and b. */
export interface EncoderLayer {
  /** [inputs, width] row by row */
  readonly weights: Float32Array;
  /** [width] */
  readonly bias: Float32Array;
}

/**
 * The layers of the encoder with batch norm folded in, s = γ/√(running variance + 10⁻⁵): W·diag(s) and β − s·running mean.
 */
export function foldedLayers(state: NetworkArrays): EncoderLayer[] {
  const layers: EncoderLayer[] = [];
  for (let layer = 0; ; layer++) {
    const weights = state[`parameter/layer${layer}Weights`];
    if (weights === undefined) return layers;
    const of = (name: string): Float32Array => state[name]!.values;
    const variance = of(`running/layer${layer}Variance`);
    const mean = of(`running/layer${layer}Mean`);
    const shift = of(`parameter/layer${layer}Shift`);
    const factor = of(`parameter/layer${layer}Scale`).map((g, j) => g / Math.sqrt(variance[j]! + BATCH_NORM_EPSILON));
    const width = factor.length;
    layers.push({
      weights: weights.values.map((w, i) => w * factor[i % width]!),
      bias: shift.map((b, j) => b - factor[j]! * mean[j]!),
    });
  }
}
