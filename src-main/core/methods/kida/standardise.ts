import type { CancelSignal } from '../../base/cancel.ts';
import type { NetworkRows } from '../../data/aligned-pair.ts';
import { withValues } from '../../data/csr-matrix.ts';
import { mapRows } from '../../data/sparse-rows.ts';
import { featureMoments } from '../../prepare/feature-moments.ts';

/** Mean and standard deviation of each gene; a gene that does not vary has deviation 1. */
export interface GeneMoments {
  /** [genes] */
  readonly mean: Float32Array;
  /** [genes] above 0 */
  readonly deviation: Float32Array;
}

/** Mean and unbiased standard deviation of each column over the rows, a shift included. */
export async function geneMoments({ input, shift }: NetworkRows, signal?: CancelSignal): Promise<GeneMoments> {
  const { mean, variance } = await featureMoments(input, signal);
  return {
    mean: Float32Array.from(mean, (m, j) => m + (shift?.[j] ?? 0)),
    deviation: Float32Array.from(variance, (v) => (v > 0 ? Math.sqrt(v) : 1)),
  };
}

/**
 * Every gene brought to mean 0 and standard deviation 1 by the moments given, cut off at ±`clip`. The result is dense by nature
 * and is given as sparse rows and a shift: a value that is not stored is clip(−mean/deviation).
 */
export function standardised(rows: NetworkRows, { mean, deviation }: GeneMoments, clip: number): NetworkRows {
  const brought = (x: number, j: number): number =>
    Math.min(clip, Math.max(-clip, (x + (rows.shift?.[j] ?? 0) - mean[j]!) / deviation[j]!));
  const shift = Float32Array.from(mean, (_, j) => brought(0, j));
  const input = mapRows(rows.input, rows.input.columns, (block) => {
    const values = new Float32Array(block.values.length);
    for (let p = 0; p < values.length; p++) {
      const j = block.indices[p]!;
      values[p] = brought(block.values[p]!, j) - shift[j]!;
    }
    return withValues(block, values);
  });
  return { input, shift };
}
