import type { CancelSignal } from '../base/cancel.ts';
import { storedValues } from '../data/csr-matrix.ts';
import { blocksOf, type SparseRows } from '../data/sparse-rows.ts';

/** Mean and spread of each feature over all cells, zeros included; float64, [features] each. */
export interface FeatureMoments {
  readonly mean: Float64Array;
  /** Unbiased (divided by cells − 1); 0 for fewer than two cells. */
  readonly variance: Float64Array;
}

/**
 * Mean and unbiased variance of each column, in two passes over the stored values:
 * the second sums squared deviations, because Σx² − n·mean² loses all digits when the spread is small.
 *
 * @param matrix [cells, features]
 */
export async function featureMoments(matrix: SparseRows, signal?: CancelSignal): Promise<FeatureMoments> {
  const { rows, columns } = matrix;
  const mean = new Float64Array(columns);
  const variance = new Float64Array(columns);
  if (rows === 0) return { mean, variance };

  for await (const { matrix: block } of blocksOf(matrix, signal)) {
    const { indices, values } = block;
    const stored = storedValues(block);
    for (let p = 0; p < stored; p++) mean[indices[p]!]! += values[p]!;
  }
  for (let j = 0; j < columns; j++) mean[j] = mean[j]! / rows;

  if (rows < 2) return { mean, variance };
  const notStored = new Float64Array(columns).fill(rows);
  for await (const { matrix: block } of blocksOf(matrix, signal)) {
    const { indices, values } = block;
    const stored = storedValues(block);
    for (let p = 0; p < stored; p++) {
      const j = indices[p]!;
      const deviation = values[p]! - mean[j]!;
      variance[j]! += deviation * deviation;
      notStored[j]!--;
    }
  }
  for (let j = 0; j < columns; j++) {
    variance[j] = (variance[j]! + notStored[j]! * mean[j]! * mean[j]!) / (rows - 1);
  }
  return { mean, variance };
}
