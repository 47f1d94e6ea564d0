import * as tf from '@tensorflow/tfjs-core';

/**
 * The values as they are; on the way back derivatives are multiplied by −strength. What lies above learns to do its task,
 * what lies below learns to make that task impossible: [any shape] → the same shape.
 *
 * Source: Ganin & Lempitsky 2015 (arXiv:1409.7495), the gradient reversal layer.
 *
 * @param strength λ ≥ 0; at 0 nothing flows back
 */
export function gradientReversal<T extends tf.Tensor>(x: T, strength: number): T {
  const reversed = tf.customGrad((...args) => ({
    value: tf.clone(args[0] as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.mul(dy, -strength),
  }));
  return reversed(x) as T;
}

/**
 * λ(p) = 2/(1 + e^(−10p)) − 1: from 0 at the beginning to 0.9999 at the end; above 0.9 from p = 0.294 on.
 *
 * Source: Ganin & Lempitsky 2015 (arXiv:1409.7495).
 *
 * @param progress p, the share of the steps that are done, 0…1
 */
export function reversalStrength(progress: number): number {
  return 2 / (1 + Math.exp(-10 * progress)) - 1;
}
