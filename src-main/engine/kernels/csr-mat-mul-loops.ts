import type { CsrBatch } from '#core/train/csr-batch';

/**
 * out = batch × weights, in typed arrays: [rows, features] × [features, width] → [rows, width].
 * Columns are taken eight at a time, so that eight sums stay in registers while a row is read once per block.
 */
export function csrMatMulLoops(batch: CsrBatch, weights: Float32Array, width: number, out: Float32Array): void {
  let o = 0;
  for (const { matrix, rows } of batch.parts) {
    const { indptr, indices, values } = matrix;
    for (const row of rows) {
      const from = indptr[row]!;
      const to = indptr[row + 1]!;
      let j = 0;
      for (; j + 8 <= width; j += 8) {
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        let s4 = 0;
        let s5 = 0;
        let s6 = 0;
        let s7 = 0;
        for (let p = from; p < to; p++) {
          const v = values[p]!;
          const w = indices[p]! * width + j;
          s0 += v * weights[w]!;
          s1 += v * weights[w + 1]!;
          s2 += v * weights[w + 2]!;
          s3 += v * weights[w + 3]!;
          s4 += v * weights[w + 4]!;
          s5 += v * weights[w + 5]!;
          s6 += v * weights[w + 6]!;
          s7 += v * weights[w + 7]!;
        }
        const q = o + j;
        out[q] = s0;
        out[q + 1] = s1;
        out[q + 2] = s2;
        out[q + 3] = s3;
        out[q + 4] = s4;
        out[q + 5] = s5;
        out[q + 6] = s6;
        out[q + 7] = s7;
      }
      for (; j < width; j++) {
        let s = 0;
        for (let p = from; p < to; p++) s += values[p]! * weights[indices[p]! * width + j]!;
        out[o + j] = s;
      }
      o += width;
    }
  }
}

/**
 * out = batchᵀ × dy, in typed arrays: [features, rows] × [rows, width] → [features, width].
 * @param out filled by this function; what it held before is lost
 */
export function csrMatMulWeightGradientLoops(
  batch: CsrBatch,
  dy: Float32Array,
  width: number,
  out: Float32Array,
): void {
  out.fill(0);
  let d = 0;
  for (const { matrix, rows } of batch.parts) {
    const { indptr, indices, values } = matrix;
    for (const row of rows) {
      const from = indptr[row]!;
      const to = indptr[row + 1]!;
      let j = 0;
      for (; j + 8 <= width; j += 8) {
        const q = d + j;
        const d0 = dy[q]!;
        const d1 = dy[q + 1]!;
        const d2 = dy[q + 2]!;
        const d3 = dy[q + 3]!;
        const d4 = dy[q + 4]!;
        const d5 = dy[q + 5]!;
        const d6 = dy[q + 6]!;
        const d7 = dy[q + 7]!;
        for (let p = from; p < to; p++) {
          const v = values[p]!;
          const w = indices[p]! * width + j;
          out[w]! += v * d0;
          out[w + 1]! += v * d1;
          out[w + 2]! += v * d2;
          out[w + 3]! += v * d3;
          out[w + 4]! += v * d4;
          out[w + 5]! += v * d5;
          out[w + 6]! += v * d6;
          out[w + 7]! += v * d7;
        }
      }
      for (; j < width; j++) {
        const dj = dy[d + j]!;
        for (let p = from; p < to; p++) out[indices[p]! * width + j]! += values[p]! * dj;
      }
      d += width;
    }
  }
}
