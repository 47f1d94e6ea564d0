import * as tf from '@tensorflow/tfjs-core';
import { matMulFast } from '../mat-mul-fast.ts';

/** Cells, the labels they are drawn to, and how much each counts. */
export interface CentredCells {
  /** [N, m] */
  readonly embedding: tf.Tensor2D;
  /** [N, m] each 0…1; null counts every dimension fully */
  readonly attention: tf.Tensor2D | null;
  /** [N, K], 1 at the (true or predicted) label of each row */
  readonly labels: tf.Tensor2D;
  /** [N] 1 for a row that takes part, 0 for one that does not */
  readonly takesPart: tf.Tensor1D;
}

/**
 * Pulls cells to the centre of their label in the dimensions attention points at. Over the N rows that take part:
 *
 *     L = (1/2N) Σ_i Σ_j A_ij (z_ij − c_{ℓ_i j})²
 *
 * Differentiable with respect to embedding and attention (∂L/∂A = (z−c)²/2N ≥ 0: the loss alone pushes attention down);
 * the centres are constants here and follow by `movedCentres`.
 *
 * Source: CellPredX (PLoS Comput Biol 2026) Eq. 6. The text leaves open what A multiplies; in the released code
 * it is the squared difference, once.
 *
 * @param centres [K, m]
 */
export function sparseCentre(cells: CentredCells, centres: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const square = tf.square(tf.sub(cells.embedding, tf.matMul(cells.labels, centres)));
    const weighed = cells.attention === null ? square : tf.mul(cells.attention, square);
    const perRow = tf.mul(tf.sum(weighed, 1), cells.takesPart); // [N]
    return tf.div(tf.sum(perRow), tf.mul(tf.sum(cells.takesPart), 2)) as tf.Scalar;
  });
}

/**
 * The direction of the centre loss (Wen et al. 2016, doi:10.1007/978-3-319-46478-7_31, Eq. 4, with attention):
 * Δ_k = Σ_{i: ℓ_i=k} −A_i ⊙ (z_i − c_k) / (1 + #{i: ℓ_i=k}), over rows that take part: [K, m].
 */
export function centreDirection(cells: CentredCells, centres: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const gap = tf.sub(tf.matMul(cells.labels, centres), cells.embedding); // −(z − c)
    const weighed = cells.attention === null ? gap : tf.mul(cells.attention, gap);
    const taking: tf.Tensor2D = tf.mul(cells.labels, tf.expandDims(cells.takesPart, 1)); // [N, K]
    const counts = tf.add(tf.sum(taking, 0), 1);
    return tf.div(matMulFast(taking, weighed as tf.Tensor2D, { transposeA: true }), tf.expandDims(counts, 1));
  });
}

/** Centres after one step towards their cells: c_k − rate·Δ_k: [K, m]. A centre without cells stays. */
export function movedCentres(cells: CentredCells, centres: tf.Tensor2D, rate: number): tf.Tensor2D {
  return tf.tidy(() => tf.sub(centres, tf.mul(centreDirection(cells, centres), rate)));
}
