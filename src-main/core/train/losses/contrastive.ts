import * as tf from '@tensorflow/tfjs-core';
import { matMulFast, unitLength } from '../mat-mul-fast.ts';

/**
 * Pulls each cell to its partner and away from all other cells (InfoNCE). With u the unit-length rows of both batches
 * under one another and π(i) = i ± n the partner:
 *
 *     L = (1/2n) Σ_i −log( exp(u_i·u_π(i)/τ) / Σ_{j≠i} exp(u_i·u_j/τ) )
 *
 * Symmetric in its two arguments. The row maximum is subtracted before exponentials: 1/τ = 25 and more occurs.
 *
 * Source: CellPredX (PLoS Comput Biol 2026) Eq. 3–4. The released code adds the loss with swapped arguments,
 * which is exactly twice this value; the caller doubles it if wanted.
 *
 * @param cells [n, m]  @param partners [n, m], row i belongs to row i of `cells`
 */
export function contrastive(cells: tf.Tensor2D, partners: tf.Tensor2D, temperature: number): tf.Scalar {
  return tf.tidy(() => ofUnitRows(unitLength(tf.concat([cells, partners], 0)), temperature));
}

/**
 * The loss of unit rows u [2n, m] with its derivative written out:
 * with P the soft-max of u·uᵀ/τ without the diagonal, dL/du = (P·u + Pᵀ·u − 2·u_π) / (2nτ).
 */
function ofUnitRows(unit: tf.Tensor2D, temperature: number): tf.Scalar {
  const compute = tf.customGrad((...args) => {
    const [u, save] = args as [tf.Tensor2D, tf.GradSaveFunc];
    const rows = u.shape[0];
    const similarity = tf.sub(tf.div(matMulFast(u, u, { transposeB: true }), temperature), diagonal(rows, 1e9));
    const highest = tf.max(similarity, 1, true);
    const raised = tf.exp(tf.sub(similarity, highest));
    const sums = tf.sum(raised, 1, true); // [2n, 1]
    const partner = swappedHalves(u);
    const own = tf.div(tf.sum(tf.mul(u, partner), 1, true), temperature);
    const value = tf.mean(tf.sub(tf.add(tf.log(sums), highest), own));
    save([u, tf.div(raised, sums)]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [v, p] = saved as [tf.Tensor2D, tf.Tensor2D];
        const forth = tf.matMul(p, v);
        const back = tf.transpose(tf.matMul(tf.transpose(v), p)); // Pᵀ·u without turning the large P over
        const sum = tf.sub(tf.add(forth, back), tf.mul(swappedHalves(v), 2));
        return tf.mul(sum, tf.div(dy, rows * temperature));
      },
    };
  });
  return compute(unit) as tf.Scalar;
}

/** Row i of the result is row π(i): [2n, m]. */
function swappedHalves(u: tf.Tensor2D): tf.Tensor2D {
  const half = u.shape[0] / 2;
  return tf.concat([tf.slice(u, [half, 0]), tf.slice(u, [0, 0], [half, -1])], 0);
}

/** `value` on the diagonal, 0 elsewhere: [n, n]. */
function diagonal(n: number, value: number): tf.Tensor2D {
  return tf.diag(tf.fill([n], value)) as tf.Tensor2D;
}
