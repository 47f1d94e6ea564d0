import type { CancelSignal } from '../base/cancel.ts';
import type { CsrMatrix } from '../data/csr-matrix.ts';
import { blocksOf, type SparseRows } from '../data/sparse-rows.ts';

/** What the cells of a label show of a feature, beside all other cells. */
export interface Shown {
  /** log₂ of (1 + mean counts per 10⁴) in the label over the same in all other cells; null without other cells. */
  logFoldChange(feature: number): number | null;
  /** Fraction of the cells of the label with a count above zero. */
  detectionRate(feature: number): number;
}

/**
 * Depth-normalised counts (10⁴ per cell) of every feature in each label and outside it, in one pass over the cells.
 * Memory is labels times features.
 *
 * @param counts [cells, features] as read
 * @param label [cells] number of each cell's label, 0 … labels − 1
 * @returns [labels]; what is asked of a label without cells is NaN
 */
export async function labelExpression(
  counts: SparseRows,
  label: Int32Array,
  labels: number,
  signal?: CancelSignal,
): Promise<readonly Shown[]> {
  const { columns } = counts;
  // [features, 2] sum, cells with a count: beside one another, because every count changes both
  const inside = Array.from({ length: labels }, () => new Float64Array(2 * columns));
  const cells = new Uint32Array(labels);
  for await (const { from, matrix } of blocksOf(counts, signal)) {
    addBlock(matrix, label.subarray(from, from + matrix.rows), inside, cells);
  }
  const total = new Float64Array(columns);
  for (const sums of inside) for (let feature = 0; feature < columns; feature++) total[feature]! += sums[2 * feature]!;
  return inside.map((sums, own) => {
    const others = counts.rows - cells[own]!;
    return {
      logFoldChange: (feature) => {
        if (others === 0) return null;
        const here = Math.max(0, sums[2 * feature]! / cells[own]!);
        const elsewhere = Math.max(0, (total[feature]! - sums[2 * feature]!) / others);
        return Math.log2((1 + here) / (1 + elsewhere));
      },
      detectionRate: (feature) => sums[2 * feature + 1]! / cells[own]!,
    };
  });
}

/** Adds the cells of one block to the sums of their labels; a function of its own, so that it is compiled while it runs. */
function addBlock(
  { rows, indptr, indices, values }: CsrMatrix,
  label: Int32Array,
  inside: readonly Float64Array[],
  cells: Uint32Array,
): void {
  for (let row = 0; row < rows; row++) {
    const own = label[row]!;
    const insideOwn = inside[own]!;
    const [begin, end] = [indptr[row]!, indptr[row + 1]!];
    let sum = 0;
    for (let p = begin; p < end; p++) sum += values[p]!;
    const factor = sum > 0 ? 1e4 / sum : 0;
    cells[own]!++;
    for (let p = begin; p < end; p++) {
      const at = 2 * indices[p]!;
      const value = values[p]!;
      insideOwn[at]! += value * factor;
      if (value > 0) insideOwn[at + 1]!++;
    }
  }
}
