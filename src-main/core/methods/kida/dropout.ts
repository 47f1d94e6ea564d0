import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../../base/random.ts';

/**
 * What is left out of one training step: numbers are set to 0 with probability `share` and the others divided by 1 − share. Which
 * ones is drawn outside the engine, so that all engines leave out the same.
 */
export class Dropout {
  readonly #random: Random;
  readonly #share: number;
  /** Share of cells for which the last block is left out altogether. */
  readonly path: number;

  constructor(seed: number, share: number, path: number) {
    this.#random = new Random(seed);
    this.#share = share;
    this.path = path;
  }

  /** The tensor with some of its numbers left out. */
  values<X extends tf.Tensor>(x: X): X {
    if (this.#share === 0) return x;
    return tf.mul(x, tf.tensor(this.#factors(x.size, this.#share), x.shape));
  }

  /** For each of n cells 0 with probability `share`, else 1/(1 − share). */
  paths(n: number, share: number): tf.Tensor {
    return tf.tensor(this.#factors(n, share), [n]);
  }

  #factors(size: number, share: number): Float32Array {
    const random = this.#random;
    const limit = share * 2 ** 32;
    const kept = 1 / (1 - share);
    const factors = new Float32Array(size);
    for (let i = 0; i < size; i++) if (random.word() >= limit) factors[i] = kept;
    return factors;
  }
}
