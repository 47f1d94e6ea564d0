import * as tf from '@tensorflow/tfjs-core';
import { matMulFast } from '../mat-mul-fast.ts';

/**
 * Keeps embeddings small, spread out and uncorrelated. For a batch Z with column means z̄ and unbiased covariance Σ:
 *
 *     a(Z) = (1/nm) Σ_ij |z_ij|,  v(Z) = 1 / ((1/nm) Σ_ij |z_ij − z̄_j|),  r(Z) = (1/m²) Σ_{j<k} |Σ_jk|
 *     L = a(A) + a(B) + r(A) + r(B) + v(B), with `symmetric` also + v(A)
 *
 * Source: CellPredX (PLoS Comput Biol 2026) Eq. 1, after scJoint (doi:10.1038/s41587-021-01161-6). The paper asks for
 * the symmetric sum; the released code leaves v(A) out. Both use the covariance where the text says correlation.
 *
 * @param reference [n, m], n ≥ 2  @param query [n′, m], n′ ≥ 2
 */
export function projectionRegularisation(
  reference: tf.Tensor2D,
  query: tf.Tensor2D,
  options: { readonly symmetric: boolean },
): tf.Scalar {
  return tf.tidy(() => {
    const parts = [
      meanSize(reference),
      meanSize(query),
      offDiagonalCovariance(reference),
      offDiagonalCovariance(query),
      inverseDeviation(query),
    ];
    if (options.symmetric) parts.push(inverseDeviation(reference));
    return tf.addN(parts);
  });
}

/** a(Z) */
export function meanSize(z: tf.Tensor2D): tf.Scalar {
  return tf.mean(tf.abs(z));
}

/** v(Z); the deviation is taken as at least 10⁻⁶, so that a batch of equal cells gives a finite number. */
export function inverseDeviation(z: tf.Tensor2D): tf.Scalar {
  return tf.div(1, tf.maximum(tf.mean(tf.abs(tf.sub(z, tf.mean(z, 0, true)))), 1e-6));
}

/** r(Z) */
export function offDiagonalCovariance(z: tf.Tensor2D): tf.Scalar {
  const [n, m] = z.shape;
  const centred: tf.Tensor2D = tf.sub(z, tf.mean(z, 0, true));
  const covariance = tf.div(matMulFast(centred, centred, { transposeA: true }), n - 1); // [m, m]
  return tf.div(tf.sum(tf.mul(tf.abs(covariance), strictlyUpper(m))), m * m);
}

/** 1 above the diagonal, 0 elsewhere: [m, m]. */
function strictlyUpper(m: number): tf.Tensor2D {
  const values = new Float32Array(m * m);
  for (let j = 0; j < m; j++) values.fill(1, j * m + j + 1, (j + 1) * m);
  return tf.tensor2d(values, [m, m]);
}
