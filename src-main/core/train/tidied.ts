import * as tf from '@tensorflow/tfjs-core';

/**
 * `tf.tidy` for results that are objects of tensors with further plain fields: frees every tensor made inside except those
 * in the result. tfjs follows nested objects and arrays; its type asks for an index signature that interfaces do not have.
 */
export function tidied<T extends object>(work: () => T): T {
  return tf.tidy(() => work() as unknown as tf.TensorContainer) as unknown as T;
}
