import type { CancelSignal } from '../base/cancel.ts';
import { storedValues } from '../data/csr-matrix.ts';
import { blocksOf, type SparseRows } from '../data/sparse-rows.ts';
import { featureMoments } from './feature-moments.ts';
import { localRegression } from './local-regression.ts';

/**
 * How much each feature varies beyond what its mean explains: the variance of standardised, clipped counts
 * ("seurat_v3", Stuart et al. 2019, doi:10.1016/j.cell.2019.05.031, variance-stabilising transformation).
 *
 * With mean μ, unbiased variance s² and N cells, a local quadratic regression of log₁₀ s² on log₁₀ μ (span 0.3, over
 * features with s² > 0) gives the expected spread σ. Counts are cut off at μ + σ√N, and
 *
 *     v = (N μ² + Σ x̃² − 2 μ Σ x̃) / ((N − 1) σ²)
 *
 * @param counts [cells, features] raw counts
 * @param order all features, in the order in which equally expressed ones enter the regression; that of the columns without it
 * @returns v of each feature: [features]; 0 for features without variance, and for all if there are fewer than 2 cells
 */
export async function normalisedVariances(
  counts: SparseRows,
  { order, signal }: { readonly order?: Uint32Array; readonly signal?: CancelSignal | undefined } = {},
): Promise<Float64Array> {
  const { mean, variance } = await featureMoments(counts, signal);
  const cells = counts.rows;
  const varying = (order ?? Uint32Array.from(mean.keys())).filter((j) => variance[j]! > 0 && mean[j]! > 0);
  const expected = localRegression(
    Float64Array.from(varying, (j) => Math.log10(mean[j]!)),
    Float64Array.from(varying, (j) => Math.log10(variance[j]!)),
    0.3,
  );
  const spread = new Float64Array(counts.columns);
  varying.forEach((j, i) => (spread[j] = Math.sqrt(10 ** expected[i]!)));

  const sum = new Float64Array(counts.columns);
  const squares = new Float64Array(counts.columns);
  const ceiling = mean.map((m, j) => m + spread[j]! * Math.sqrt(cells));
  for await (const { matrix: block } of blocksOf(counts, signal)) {
    const { indices, values } = block;
    const stored = storedValues(block);
    for (let p = 0; p < stored; p++) {
      const j = indices[p]!;
      const x = Math.min(values[p]!, ceiling[j]!);
      sum[j]! += x;
      squares[j]! += x * x;
    }
  }
  const out = new Float64Array(counts.columns);
  for (const j of varying) {
    const m = mean[j]!;
    out[j] = (cells * m * m + squares[j]! - 2 * m * sum[j]!) / ((cells - 1) * spread[j]! ** 2);
  }
  return out;
}

/**
 * The columns of the `count` most variable features, most variable first; ties in column order.
 *
 * @param scores [features], e.g. from `normalisedVariances`
 */
export function mostVariable(scores: Float64Array, count: number): Uint32Array {
  return Uint32Array.from(scores.keys())
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, count);
}
