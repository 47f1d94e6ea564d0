import * as tf from '@tensorflow/tfjs-core';
import { matMulFast } from '../../train/mat-mul-fast.ts';
import { withoutGradient } from '../../train/without-gradient.ts';
import type { KidaSettings } from './settings.ts';

/**
 * How far the softened opinions of student and teacher lie apart, p = softmax(y/T):
 * (1/n) Σ_i Σ_k p^T_ik (ln p^T_ik − ln p^S_ik) (`from-teacher`), or with the two exchanged (`from-student`, as the paper writes
 * it); `elements` divides by the number of labels besides, as the released code does. There is no factor T².
 *
 * Source: KIDA (Commun Biol 2024), L_kd. The teacher is a constant.
 *
 * @param student [n, K] logits  @param teacher [n, K] logits
 */
export function distillation(
  student: tf.Tensor2D,
  teacher: tf.Tensor2D,
  {
    temperature,
    distillationDirection: direction,
    distillationAverage: average,
  }: Pick<KidaSettings, 'temperature' | 'distillationDirection' | 'distillationAverage'>,
): tf.Scalar {
  const s = tf.logSoftmax(tf.div(student, temperature));
  const t = tf.logSoftmax(tf.div(teacher, temperature));
  const [from, to] = direction === 'from-teacher' ? [t, s] : [s, t];
  const apart = tf.sum(tf.mul(tf.exp(from), tf.sub(from, to)));
  const [n, K] = student.shape;
  return tf.div(apart, average === 'cells' ? n : n * K);
}

/** Distances above which exp(−d) of the paper's kernel leaves nothing to learn from. */
const FAR = 20;
/** Lowest numerators and squares of denominators, as in the released code. */
const [LEAST, LEAST_SQUARE] = [1e-9, 1e-18];

/**
 * How much the clusters of a batch overlap. With Q_a the probabilities of label a and S_ij the similarity of cells i and j,
 *
 *     Σ_{a<b} Q_aᵀ S Q_b / √(Q_aᵀ S Q_a · Q_bᵀ S Q_b)
 *
 * `paper`: divided by C, S = exp(−‖c_i − c_j‖²) (Eq. 3); where more than half of the squared distances d exceed 20 it would vanish, so
 * the kernel of the code is taken. `code` (Cauchy–Schwarz clustering): times 2/(C(C − 1)), S = exp(−d/(2σ²)) with σ² = 0.15 times the
 * lower median of all d, a constant, and the same once more for exp(−‖P_i − e_k‖²) in place of the probabilities.
 * 0 for one label.
 *
 * @param logits [n, C]  @param embedding [n, h]
 */
export function clustering(
  logits: tf.Tensor2D,
  embedding: tf.Tensor2D,
  form: KidaSettings['clusteringForm'],
): tf.Scalar {
  const C = logits.shape[1];
  if (C < 2) return tf.scalar(0);
  const distances = squaredDistances(embedding);
  const factor = withoutGradient(() => kernelFactor(distances, form));
  const similarity: tf.Tensor2D = tf.exp(tf.neg(tf.mul(distances, factor)));
  const P = tf.softmax(logits);
  if (form === 'paper') return tf.div(overlap(P, similarity), C);
  const squares = tf.sum(tf.square(P), 1, true);
  const nearCorner: tf.Tensor2D = tf.exp(tf.neg(tf.add(tf.sub(squares, tf.mul(P, 2)), 1)));
  const both = tf.add(overlap(P, similarity), overlap(nearCorner, similarity));
  return tf.mul(both, 2 / (C * (C - 1)));
}

/** Entropy of the mean probabilities of a batch, −Σ_k p̄_k ln p̄_k: what the released code adds to its losses. */
export function meanEntropy(logits: tf.Tensor2D): tf.Scalar {
  const mean = tf.mean(tf.softmax(logits), 0);
  return tf.neg(tf.sum(tf.mul(mean, tf.log(tf.maximum(mean, 1e-30)))));
}

/** ‖c_i − c_j‖² of all pairs: [n, n], at least 0. */
function squaredDistances(c: tf.Tensor2D): tf.Tensor2D {
  const squares = tf.sum(tf.square(c), 1, true); // [n, 1]
  const cross = tf.mul(matMulFast(c, c, { transposeB: true }), 2);
  return tf.maximum(tf.sub(tf.add(squares, tf.transpose(squares)), cross), 0);
}

/** What distances are multiplied by in the exponent. */
function kernelFactor(distances: tf.Tensor2D, form: KidaSettings['clusteringForm']): tf.Scalar {
  const size = distances.size;
  const { values } = tf.topk(tf.reshape(distances, [size]), size - Math.floor((size - 1) / 2));
  const median = tf.slice(values, [values.shape[0]! - 1], [1]);
  const scaled: tf.Scalar = tf.reshape(tf.div(0.5, tf.maximum(tf.mul(median, 0.15), 1e-9)), []);
  if (form === 'code') return scaled;
  const far: tf.Scalar = tf.reshape(tf.cast(tf.greater(median, FAR), 'float32'), []);
  return tf.add(tf.mul(far, scaled), tf.sub(1, far));
}

/** Σ_{a<b} of the normalised overlaps of the columns of A. */
function overlap(A: tf.Tensor2D, similarity: tf.Tensor2D): tf.Scalar {
  const C = A.shape[1];
  const N = matMulFast(A, tf.matMul(similarity, A), { transposeA: true }); // [C, C], symmetric
  const unit = tf.diag(tf.ones([C])) as tf.Tensor2D;
  const own = tf.sum(tf.mul(N, unit), 1, true); // [C, 1]
  const norms = tf.sqrt(tf.maximum(tf.matMul(own, tf.transpose(own)), LEAST_SQUARE));
  const all = tf.div(tf.maximum(N, LEAST), norms);
  return tf.div(tf.sum(tf.mul(all, tf.sub(1, unit))), 2);
}
