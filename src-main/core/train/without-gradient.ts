import * as tf from '@tensorflow/tfjs-core';

/**
 * A choice made from tensors while derivatives are recorded, as a constant: what `choose` does is not recorded, so it may use
 * operations without a derivative (comparisons, ranks), and so may whatever is computed from its result alone.
 */
export function withoutGradient<T extends tf.Tensor>(choose: () => T): T {
  // operations inside a custom gradient are not recorded, and one of a constant leads nowhere back
  const constant = tf.customGrad(() => ({ value: choose(), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) }));
  return constant(tf.scalar(0)) as T;
}
