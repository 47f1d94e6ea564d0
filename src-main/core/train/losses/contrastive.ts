import * as tf from '@tensorflow/tfjs-core';
import { matMulFast, unitLength } from '../mat-mul-fast.ts';

/** Below it exponentials of float32 could vanish altogether. */
export const LOWEST_TEMPERATURE = 0.03;

/**
 * Pulls each cell to its partner and away from all other cells (InfoNCE). With u the unit-length rows of both batches
 * under one another and π(i) = i ± n the partner:
 *
 *     L = (1/2n) Σ_i −log( exp(u_i·u_π(i)/τ) / Σ_{j≠i} exp(u_i·u_j/τ) )
 *
 * Symmetric in its two arguments. 1/τ, the largest value an exponent can have, is subtracted before exponentials, so that
 * none overflows; with τ ≥ 0.03 none falls below e⁻⁶⁷, which float32 still holds.
 *
 * Source: CellPredX (PLoS Comput Biol 2026) Eq. 3–4. The released code adds the loss with swapped arguments,
 * which is exactly twice this value; the caller doubles it if wanted.
 *
 * @param cells [n, m]  @param partners [n, m], row i belongs to row i of `cells`  @param temperature τ ≥ 0.03
 */
export function contrastive(cells: tf.Tensor2D, partners: tf.Tensor2D, temperature: number): tf.Scalar {
  if (!(temperature >= LOWEST_TEMPERATURE)) {
    throw new RangeError(`contrastive: temperature ${temperature}, lowest is ${LOWEST_TEMPERATURE}`);
  }
  return tf.tidy(() => ofUnitRows(unitLength(tf.concat([cells, partners], 0)), temperature));
}

/**
 * The loss of unit rows u [2n, m] with its derivative written out. The raised similarities E_ij = exp((u_i·u_j − 1)/τ), zero on
 * the diagonal, are symmetric, and with s_i = Σ_j E_ij the soft-max of row i is E_ij/s_i. So
 *
 *     dL/du = ((E·u)/s + E·(u/s) − 2·u_π) / (2nτ)
 *
 * and both products are one: E × [u, u/s].
 */
function ofUnitRows(unit: tf.Tensor2D, temperature: number): tf.Scalar {
  const compute = tf.customGrad((...args) => {
    const [u, save] = args as [tf.Tensor2D, tf.GradSaveFunc];
    const rows = u.shape[0];
    const scaled = tf.div(u, Math.sqrt(temperature)) as tf.Tensor2D;
    const similarity = tf.sub(matMulFast(scaled, scaled, { transposeB: true }), 1 / temperature);
    const raised = tf.exp(tf.sub(similarity, diagonal(rows, 1e9))); // [2n, 2n]
    const sums = tf.sum(raised, 1, true); // [2n, 1]
    const own = tf.div(tf.sum(tf.mul(u, swappedHalves(u)), 1, true), temperature);
    const value = tf.mean(tf.sub(tf.add(tf.log(sums), 1 / temperature), own));
    save([u, raised, sums]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [v, e, s] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
        const m = v.shape[1];
        const both = tf.matMul(e, tf.concat([v, tf.div(v, s)], 1)); // [2n, 2m]
        const forth = tf.div(tf.slice(both, [0, 0], [rows, m]), s);
        const back = tf.slice(both, [0, m], [rows, m]);
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
