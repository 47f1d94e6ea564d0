import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { type CsrMatrix, takeRows } from '#core/data/csr-matrix';
import { csrBatch, rowRange } from '#core/train/csr-batch';
import { csrMatMul, csrMatMulWeightGradient } from '#core/train/csr-mat-mul';
import { onEveryEngine } from '#test/support/tensor-engines';

/** Values in sixteenths, so that every sum below is exact in float32 and results can be compared bit by bit. */
function exactMatrix(random: Random, rows: number, columns: number): CsrMatrix {
  const indices: number[] = [];
  const values: number[] = [];
  const indptr = [0];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (row % 4 === 1 || random.uniform() > 0.3) continue; // every fourth row is empty
      indices.push(column);
      values.push((random.below(64) - 32) / 16);
    }
    indptr.push(indices.length);
  }
  return {
    rows,
    columns,
    indptr: Float64Array.from(indptr),
    indices: Uint32Array.from(indices),
    values: Float32Array.from(values),
  };
}

function dense(matrix: CsrMatrix): tf.Tensor2D {
  const out = new Float32Array(matrix.rows * matrix.columns);
  for (let row = 0; row < matrix.rows; row++) {
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
      out[row * matrix.columns + matrix.indices[p]!] = matrix.values[p]!;
    }
  }
  return tf.tensor2d(out, [matrix.rows, matrix.columns]);
}

function exactWeights(random: Random, rows: number, columns: number): tf.Tensor2D {
  const values = Float32Array.from({ length: rows * columns }, () => (random.below(64) - 32) / 16);
  return tf.tensor2d(values, [rows, columns]);
}

onEveryEngine(() => {
  test.each([1, 3, 4, 8, 13, 16, 64, 70])('the product of width %i equals the dense product', (width) => {
    const random = new Random(width);
    const matrix = exactMatrix(random, 23, 40);
    const rows = Int32Array.of(4, 4, 0, 22, 1, 9); // repeated, first, last and empty rows
    tf.tidy(() => {
      const weights = exactWeights(random, 40, width);
      const batch = csrBatch([
        { matrix, rows },
        { matrix, rows: Int32Array.of(7) },
      ]);
      const expected = tf.matMul(dense(takeRows(matrix, [...rows, 7])), weights);
      expect(csrMatMul(batch, weights).dataSync()).toEqual(expected.dataSync());
    });
  });

  test.each([1, 3, 4, 8, 13, 16, 64, 70])('the weight gradient of width %i equals the dense one', (width) => {
    const random = new Random(width);
    const matrix = exactMatrix(random, 23, 40);
    tf.tidy(() => {
      const weights = exactWeights(random, 40, width);
      const dy = exactWeights(random, 23, width);
      const batch = rowRange(matrix);
      const loss = (w: tf.Tensor): tf.Scalar => tf.sum(tf.mul(csrMatMul(batch, w as tf.Tensor2D), dy));
      const expected = tf.matMul(tf.transpose(dense(matrix)), dy).dataSync();
      expect(csrMatMulWeightGradient(batch, dy).dataSync()).toEqual(expected);
      expect(tf.grad(loss)(weights).dataSync()).toEqual(expected);
    });
  });

  test('a shift counts as a number added to every row of its part, in the product and in both ways to the gradient', () => {
    const random = new Random(11);
    const [a, b] = [exactMatrix(random, 9, 14), exactMatrix(random, 6, 14)];
    const shift = Float32Array.from({ length: 14 }, () => (random.below(64) - 32) / 16);
    tf.tidy(() => {
      const weights = exactWeights(random, 14, 5);
      const dy = exactWeights(random, 4, 5);
      const rows = [Int32Array.of(8, 1), Int32Array.of(0, 0)] as const;
      const batch = csrBatch([
        { matrix: a, rows: rows[0] },
        { matrix: b, rows: rows[1], shift },
      ]);
      const written = tf.concat([dense(takeRows(a, rows[0])), tf.add(dense(takeRows(b, rows[1])), tf.tensor1d(shift))]);
      expect(csrMatMul(batch, weights).dataSync()).toEqual(tf.matMul(written as tf.Tensor2D, weights).dataSync());
      const expected = tf.matMul(tf.transpose(written), dy).dataSync();
      const loss = (w: tf.Tensor): tf.Scalar => tf.sum(tf.mul(csrMatMul(batch, w as tf.Tensor2D), dy));
      expect(csrMatMulWeightGradient(batch, dy).dataSync()).toEqual(expected);
      expect(tf.grad(loss)(weights).dataSync()).toEqual(expected);
    });
    expect(() => csrBatch([{ matrix: a, rows: Int32Array.of(0), shift: new Float32Array(3) }])).toThrow('a shift of 3');
  });

  test('a batch without rows gives a product without rows and a zero gradient', () => {
    const matrix = exactMatrix(new Random(2), 3, 5);
    tf.tidy(() => {
      const batch = rowRange(matrix, 0, 0);
      expect(csrMatMul(batch, tf.ones([5, 4])).shape).toEqual([0, 4]);
      const gradient = csrMatMulWeightGradient(batch, tf.zeros([0, 4]));
      expect(Array.from(gradient.dataSync())).toEqual(new Array<number>(20).fill(0));
    });
  });

  test('results stay right while memory grows under them', () => {
    const random = new Random(5);
    const matrix = exactMatrix(random, 12, 30);
    tf.tidy(() => {
      const weights = exactWeights(random, 30, 8);
      const expected = tf.matMul(dense(matrix), weights).dataSync();
      for (let round = 0; round < 6; round++) {
        tf.ones([1 << 20]); // 4 MB each time
        expect(csrMatMul(rowRange(matrix), weights).dataSync()).toEqual(expected);
      }
    });
  });

  test('weights that do not fit the batch are refused with both shapes', () => {
    const matrix = exactMatrix(new Random(2), 3, 5);
    tf.tidy(() => {
      expect(() => csrMatMul(rowRange(matrix), tf.ones([4, 2]))).toThrow('batch has 5 columns, weights are [4, 2]');
      expect(() => csrMatMulWeightGradient(rowRange(matrix), tf.ones([2, 2]))).toThrow('3 rows, dy is [2, 2]');
    });
    expect(() => csrBatch([{ matrix, rows: Int32Array.of(3) }])).toThrow('row 3 of 3');
    expect(() => csrBatch([])).toThrow('no parts');
  });
});
