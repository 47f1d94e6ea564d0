import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '../../train/without-gradient.ts';

/** Keeps the derivative finite where a label has hardly any probability. */
const FLOOR = 0.1;

/**
 * How far the classifier is from the known labels. With p the probabilities of a row, y its label and O the labels that are more
 * probable than y (a choice, without gradient):
 *
 *     code:   (1/n) Σ_i [ 1/(p_iy + 0.1) + Σ_{k∈O} p_ik ]
 *     paper:  1/(mean_i p_iy) + Σ_i Σ_{k∈O} p_ik
 *
 * Source: SemiLT (Adv Sci 2025) Eq. 12, and its released code, whose form has a bounded derivative and does not grow with the batch.
 *
 * @param logits [n, K]  @param labels [n, K], 1 at the label of each row
 */
export function classificationLoss(logits: tf.Tensor2D, labels: tf.Tensor2D, form: 'code' | 'paper'): tf.Scalar {
  return tf.tidy(() => {
    const p = tf.softmax(logits);
    const own = tf.sum(tf.mul(p, labels), 1, true); // [n, 1]
    const more = withoutGradient(() => tf.cast(tf.greater(p, own), 'float32'));
    const wrong = tf.sum(tf.mul(p, tf.mul(more, tf.sub(1, labels))));
    if (form === 'paper') return tf.add(tf.div(1, tf.mean(own)), wrong) as tf.Scalar;
    return tf.div(tf.add(tf.sum(tf.div(1, tf.add(own, FLOOR))), wrong), logits.shape[0]) as tf.Scalar;
  });
}
