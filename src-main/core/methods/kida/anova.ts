import type { CancelSignal } from '../../base/cancel.ts';
import { storedValues } from '../../data/csr-matrix.ts';
import { blocksOf, type SparseRows } from '../../data/sparse-rows.ts';

/**
 * How much each feature differs between labels, compared with how much it varies within them: the F statistic of a one-way
 * analysis of variance,
 *
 *     F = (Σ_k n_k (m_k − m)² / (K − 1)) / (Σ_k Σ_{i∈k} (x_i − m_k)² / (N − K))
 *
 * over the K labels that have cells; zeros count. Sums are taken in float64.
 *
 * @param levels [cells, features] log-normalised
 * @param label [cells] number of each cell's label, below `labels`
 * @returns [features]; +∞ for a feature that is constant within every label and differs between them, 0 for one that is
 * constant, and 0 for all where there are fewer than two labels or no more cells than labels
 */
export async function anovaF(
  levels: SparseRows,
  label: Int32Array,
  labels: number,
  signal?: CancelSignal,
): Promise<Float64Array> {
  const features = levels.columns;
  const cells = new Float64Array(labels);
  for (const k of label) cells[k]!++;
  const present = cells.reduce((count, n) => count + (n > 0 ? 1 : 0), 0);
  const F = new Float64Array(features);
  if (present < 2 || label.length <= present) return F;

  const sums = new Float64Array(labels * features);
  const squares = new Float64Array(features);
  for await (const { from, matrix } of blocksOf(levels, signal)) {
    let row = 0;
    for (let p = 0; p < storedValues(matrix); p++) {
      while (matrix.indptr[row + 1]! <= p) row++;
      const x = matrix.values[p]!;
      const j = matrix.indices[p]!;
      sums[label[from + row]! * features + j]! += x;
      squares[j]! += x * x;
    }
  }
  for (let j = 0; j < features; j++) {
    let total = 0;
    let explained = 0; // Σ_k n_k m_k²
    for (let k = 0; k < labels; k++) {
      if (cells[k] === 0) continue;
      const sum = sums[k * features + j]!;
      total += sum;
      explained += (sum * sum) / cells[k]!;
    }
    const between = explained - (total * total) / label.length;
    const within = squares[j]! - explained;
    const rounding = 1e-12 * squares[j]!; // what is left of equal numbers
    if (between <= rounding) continue;
    F[j] = within <= rounding ? Infinity : between / (present - 1) / (within / (label.length - present));
  }
  return F;
}
