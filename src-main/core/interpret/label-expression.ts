import { type CsrMatrix, rowSums } from '../data/csr-matrix.ts';

/** What the cells of a label show of a feature, beside all other cells. */
export interface Shown {
  /** log₂ of (1 + mean counts per 10⁴) in the label over the same in all other cells; null without other cells. */
  logFoldChange(feature: number): number | null;
  /** Fraction of the cells of the label with a count above zero. */
  detectionRate(feature: number): number;
}

/** Mean depth-normalised counts of features in a label and outside it. Made once per matrix. */
export class LabelExpression {
  readonly #counts: CsrMatrix;
  /** [cells] 10⁴ divided by the counts of the cell; 0 for an empty one. */
  readonly #factor: Float64Array;
  /** [features] summed over all cells */
  readonly #total: Float64Array;

  /** @param counts [cells, features] as read */
  constructor(counts: CsrMatrix) {
    this.#counts = counts;
    this.#factor = rowSums(counts).map((sum) => (sum > 0 ? 1e4 / sum : 0));
    this.#total = new Float64Array(counts.columns);
    for (let cell = 0; cell < counts.rows; cell++) this.#add(cell, this.#total, null);
  }

  /** @param cells rows that carry the label */
  inLabel(cells: Int32Array): Shown {
    const inside = new Float64Array(this.#counts.columns);
    const detected = new Int32Array(this.#counts.columns);
    for (const cell of cells) this.#add(cell, inside, detected);
    const others = this.#counts.rows - cells.length;
    return {
      logFoldChange: (feature) => {
        if (others === 0) return null;
        const here = Math.max(0, inside[feature]! / cells.length);
        const elsewhere = Math.max(0, (this.#total[feature]! - inside[feature]!) / others);
        return Math.log2((1 + here) / (1 + elsewhere));
      },
      detectionRate: (feature) => detected[feature]! / cells.length,
    };
  }

  #add(cell: number, sums: Float64Array, detected: Int32Array | null): void {
    const { indptr, indices, values } = this.#counts;
    for (let p = indptr[cell]!; p < indptr[cell + 1]!; p++) {
      sums[indices[p]!]! += values[p]! * this.#factor[cell]!;
      if (detected !== null && values[p]! > 0) detected[indices[p]!]! += 1;
    }
  }
}
