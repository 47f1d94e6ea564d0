import type * as tf from '@tensorflow/tfjs-core';
import { Random } from '../../base/random.ts';
import { filledArray, type NamedArray, type NetworkArrays, uniformArray } from '../../train/network-arrays.ts';
import type { KidaSettings } from './settings.ts';
import type { TokenMask } from './token-mask.ts';

/** Sizes of a network. */
export interface NetworkShape {
  /** h */
  readonly width: number;
  /** Transformer blocks. */
  readonly depth: number;
  readonly heads: number;
  readonly layout: KidaSettings['tokenLayout'];
}

/**
 * Everything that is trained, weights as [inputs, outputs]. Per block `b`: `block{b}Norm1Scale`, `…Norm1Shift` [h],
 * `…Attention` [h, 3h] (queries, keys, values), `…AttentionBias` [3h], `…Projection` [h, h], `…ProjectionBias` [h],
 * `…Norm2Scale`, `…Norm2Shift` [h], `…Hidden` [h, 4h], `…HiddenBias` [4h], `…Output` [4h, h], `…OutputBias` [h].
 */
export interface KidaParameters extends Record<string, tf.Tensor> {
  /** [links, h] one row per link between a gene and a token */
  readonly links: tf.Tensor2D;
  /** [J, h] */
  readonly tokenBias: tf.Tensor2D;
  /** [h] */
  readonly classToken: tf.Tensor1D;
  readonly normScale: tf.Tensor1D;
  readonly normShift: tf.Tensor1D;
  /** [h, K] */
  readonly classifier: tf.Tensor2D;
  readonly classifierBias: tf.Tensor1D;
}

/**
 * A network before training, the same for the same seed and purpose: links and token biases uniform in ±1/√G, the class token
 * Normal(0, 0.02), all other weights Normal(0, 0.01), biases 0, norms 1 and 0.
 *
 * Source: KIDA's released code; its normal numbers are cut at ±2, which lies 100 deviations out.
 */
export function initialParameters(
  mask: TokenMask,
  labels: number,
  shape: Pick<NetworkShape, 'width' | 'depth'>,
  seed: number,
  purpose: string,
): NetworkArrays {
  const random = Random.forPurpose(seed, purpose);
  const shapes = parameterShapes({ links: mask.genes.length, tokens: mask.names.length, labels }, shape);
  const initial = (name: string, of: readonly number[]): NamedArray => {
    if (name === 'links' || name === 'tokenBias') return uniformArray(random, of, mask.columns);
    if (name.endsWith('Scale')) return filledArray(of, 1);
    if (/(?:Bias|Shift)$/.test(name)) return filledArray(of, 0);
    const deviation = name === 'classToken' ? 0.02 : 0.01;
    const size = of.reduce((a, b) => a * b, 1);
    return { shape: of, values: Float32Array.from({ length: size }, () => deviation * random.normal()) };
  };
  return Object.fromEntries(Object.entries(shapes).map(([name, of]) => [name, initial(name, of)]));
}

/** The shape of each parameter by name. */
export function parameterShapes(
  { links, tokens, labels }: { readonly links: number; readonly tokens: number; readonly labels: number },
  { width: h, depth }: Pick<NetworkShape, 'width' | 'depth'>,
): Readonly<Record<string, readonly number[]>> {
  const shapes: Record<string, readonly number[]> = { links: [links, h], tokenBias: [tokens, h], classToken: [h] };
  const ofBlock: Readonly<Record<string, readonly number[]>> = {
    Norm1Scale: [h],
    Norm1Shift: [h],
    Attention: [h, 3 * h],
    AttentionBias: [3 * h],
    Projection: [h, h],
    ProjectionBias: [h],
    Norm2Scale: [h],
    Norm2Shift: [h],
    Hidden: [h, 4 * h],
    HiddenBias: [4 * h],
    Output: [4 * h, h],
    OutputBias: [h],
  };
  for (let block = 0; block < depth; block++) {
    for (const [name, shape] of Object.entries(ofBlock)) shapes[`block${block}${name}`] = shape;
  }
  return { ...shapes, normScale: [h], normShift: [h], classifier: [h, labels], classifierBias: [labels] };
}
