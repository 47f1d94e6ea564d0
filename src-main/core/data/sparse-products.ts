import type { CsrMatrix } from './csr-matrix.ts';

/** Products of a sparse matrix in memory and dense float32 blocks, by whatever computes fastest. Sums are float32. */
export interface SparseProducts {
  /** matrix × block: [columns, width] → [rows, width] */
  product(matrix: CsrMatrix, block: Float32Array, width: number): Float32Array;
  /** matrixᵀ × block: [rows, width] → [columns, width] */
  transposedProduct(matrix: CsrMatrix, block: Float32Array, width: number): Float32Array;
}
