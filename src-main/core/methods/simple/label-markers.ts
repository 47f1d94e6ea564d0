import type { CancelSignal } from '../../base/cancel.ts';
import { blocksOf, type SparseRows } from '../../data/sparse-rows.ts';

/**
 * For each ordered pair of labels (a, b) the features that are higher in a, at place a·labels + b: those of largest Welch t,
 * (m_a − m_b)/√(s²_a/n_a + s²_b/n_b), at most `top`, strongest first, of equal ones the first. A label of one cell has no
 * variance of its own and takes part with that of the other. Features without spread in both come last, by their difference.
 *
 * Source: SingleR, `de.method = "t"` (Aran et al. 2019, doi:10.1038/s41590-018-0276-y).
 *
 * @param levels [cells, features] log-normalised
 */
export async function pairwiseMarkers(
  levels: SparseRows,
  label: Int32Array,
  labels: number,
  top: number,
  signal?: CancelSignal,
): Promise<number[][]> {
  const features = levels.columns;
  const [sum, squares] = [new Float64Array(labels * features), new Float64Array(labels * features)];
  const cells = new Float64Array(labels);
  for await (const { from, matrix } of blocksOf(levels, signal)) {
    for (let row = 0; row < matrix.rows; row++) {
      const k = label[from + row]!;
      cells[k]!++;
      for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
        const at = k * features + matrix.indices[p]!;
        sum[at]! += matrix.values[p]!;
        squares[at]! += matrix.values[p]! ** 2;
      }
    }
  }
  const mean = sum.map((total, at) => total / Math.max(1, cells[Math.floor(at / features)]!));
  /** s²/n of a label's mean. */
  const error = squares.map((total, at) => {
    const n = cells[Math.floor(at / features)]!;
    return n < 2 ? 0 : Math.max(0, total - n * mean[at]! ** 2) / (n - 1) / n;
  });
  const out: number[][] = [];
  for (let a = 0; a < labels; a++) {
    for (let b = 0; b < labels; b++) out.push(a === b ? [] : strongest(a * features, b * features));
  }
  return out;

  function strongest(a: number, b: number): number[] {
    const strength = new Float64Array(features);
    const higher: number[] = [];
    for (let j = 0; j < features; j++) {
      const difference = mean[a + j]! - mean[b + j]!;
      if (!(difference > 0)) continue;
      const spread = Math.sqrt(error[a + j]! + error[b + j]!);
      strength[j] = spread > 0 ? difference / spread : difference * Number.EPSILON;
      higher.push(j);
    }
    return higher.sort((x, y) => strength[y]! - strength[x]! || x - y).slice(0, top);
  }
}
