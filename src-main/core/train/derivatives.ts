import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors } from './optimisers.ts';

/** Loss terms by name, and what else of the forward pass is wanted. */
export interface Forward {
  readonly terms: Readonly<Record<string, tf.Scalar>>;
  readonly others: NamedTensors;
}

/**
 * Terms, what else was wanted, and the derivatives of the sum of all terms with respect to each input, by its name.
 * An input that no term depends on has derivative 0. To be called inside a tidy, which frees what is not kept.
 *
 * @param forward computes the terms from the inputs; it is called once
 */
export function derivatives(
  inputs: NamedTensors,
  forward: () => Forward,
): Forward & { readonly gradients: Record<string, tf.Tensor> } {
  let found: Forward = { terms: {}, others: {} };
  const total = (): tf.Scalar => {
    found = forward();
    for (const tensor of [...Object.values(found.terms), ...Object.values(found.others)]) tf.keep(tensor); // they outlive the tape
    return tf.addN(Object.values(found.terms));
  };
  const names = Object.keys(inputs);
  const { grads } = tf.engine().gradients(total, Object.values(inputs), undefined, true);
  return {
    terms: handedOver(found.terms),
    others: handedOver(found.others),
    gradients: Object.fromEntries(names.map((name, i) => [name, grads[i] ?? tf.zerosLike(inputs[name]!)])),
  };
}

/** Kept tensors as ones that the surrounding tidy frees. */
function handedOver<T extends tf.Tensor>(kept: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(kept).map(([name, tensor]) => {
      const own = tf.clone(tensor);
      tensor.dispose();
      return [name, own];
    }),
  );
}
