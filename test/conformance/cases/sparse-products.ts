import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { type CsrMatrix, takeRows } from '#core/data/csr-matrix';
import { csrBatch, type CsrBatch, rowRange } from '#core/train/csr-batch';
import { csrMatMul, csrMatMulWeightGradient } from '#core/train/csr-mat-mul';
import { computed, type TestedEngine } from '../engines.ts';

/** A multiple of 1/16 between −2 and 2: sums of products of such numbers are exact in float32, in whatever order they are added. */
function sixteenth(random: Random): number {
  return (random.below(64) - 32) / 16;
}

function exactMatrix(random: Random, rows: number, columns: number): CsrMatrix {
  const indices: number[] = [];
  const values: number[] = [];
  const indptr = [0];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (row % 4 === 1 || random.uniform() > 0.3) continue; // every fourth row is empty
      indices.push(column);
      values.push(sixteenth(random));
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

function exactNumbers(random: Random, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => sixteenth(random));
}

/** batch × weights and batchᵀ × dy in float64, from the rows written out. */
function expectedProducts(batch: CsrBatch, weights: Float32Array, dy: Float32Array, width: number): number[][] {
  const product = new Array<number>(batch.rows * width).fill(0);
  const gradient = new Array<number>(batch.columns * width).fill(0);
  let row = 0;
  for (const { matrix, rows, shift } of batch.parts) {
    const taken = takeRows(matrix, rows);
    for (let r = 0; r < taken.rows; r++, row++) {
      const dense = Float64Array.from(shift ?? new Float32Array(batch.columns));
      for (let p = taken.indptr[r]!; p < taken.indptr[r + 1]!; p++) dense[taken.indices[p]!]! += taken.values[p]!;
      dense.forEach((value, feature) => {
        for (let j = 0; j < width; j++) {
          product[row * width + j]! += value * weights[feature * width + j]!;
          gradient[feature * width + j]! += value * dy[row * width + j]!;
        }
      });
    }
  }
  return [product, gradient];
}

/** The sparse product and its gradient are exact, in every shape that a batch can have. */
export function sparseProductCases(engine: TestedEngine): void {
  const check = async (batch: CsrBatch, width: number, random: Random): Promise<void> => {
    const weights = exactNumbers(random, batch.columns * width);
    const dy = exactNumbers(random, batch.rows * width);
    const found = await computed(engine, () => {
      const w = tf.tensor2d(weights.slice(), [batch.columns, width]);
      const d = tf.tensor2d(dy.slice(), [batch.rows, width]);
      const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(csrMatMul(batch, x as tf.Tensor2D), d));
      return [csrMatMul(batch, w), csrMatMulWeightGradient(batch, d), tf.grad(loss)(w)];
    });
    const [product, gradient] = expectedProducts(batch, weights, dy, width);
    expect([...found[0]!]).toEqual(product);
    expect([...found[1]!]).toEqual(gradient);
    expect([...found[2]!]).toEqual(gradient);
  };

  test.each([1, 3, 8, 13, 64, 70])(
    'rows of two matrices, repeated, empty, first and last, at width %i',
    async (width) => {
      const random = new Random(width);
      const [a, b] = [exactMatrix(random, 23, 40), exactMatrix(random, 6, 40)];
      const batch = csrBatch([
        { matrix: a, rows: Int32Array.of(4, 4, 0, 22, 1, 9) },
        { matrix: b, rows: Int32Array.of(5, 0) },
      ]);
      await check(batch, width, random);
    },
  );

  test('more rows and features than one group of threads takes', async () => {
    const random = new Random(2);
    await check(rowRange(exactMatrix(random, 70, 101)), 5, random);
  });

  test('a shift counts as a number added to every row of its part', async () => {
    const random = new Random(11);
    const [a, b] = [exactMatrix(random, 9, 14), exactMatrix(random, 6, 14)];
    const batch = csrBatch([
      { matrix: a, rows: Int32Array.of(8, 1) },
      { matrix: b, rows: Int32Array.of(0, 0), shift: exactNumbers(random, 14) },
    ]);
    await check(batch, 5, random);
  });

  test('rows without any stored value', async () => {
    const random = new Random(3);
    const matrix = exactMatrix(random, 6, 10);
    await check(csrBatch([{ matrix, rows: Int32Array.of(1, 5) }]), 3, random);
  });

  test('a batch without rows', async () => {
    const batch = rowRange(exactMatrix(new Random(4), 3, 5), 0, 0);
    const found = await computed(engine, () => [
      csrMatMul(batch, tf.ones([5, 4])),
      csrMatMulWeightGradient(batch, tf.zeros([0, 4])),
    ]);
    expect(found.map((numbers) => [...numbers])).toEqual([[], new Array<number>(20).fill(0)]);
  });

  test('batches of changing sizes, one after the other, do not mix', async () => {
    const random = new Random(5);
    const matrix = exactMatrix(random, 30, 33);
    for (const rows of [30, 3, 17, 30, 1]) await check(rowRange(matrix, 30 - rows), 4, random);
  });

  test('two batches in turn do not mix', async () => {
    const random = new Random(6);
    const matrix = exactMatrix(random, 30, 33);
    const [one, two] = [rowRange(matrix, 3), rowRange(matrix, 0, 27)];
    for (const batch of [one, two, two, one, two]) await check(batch, 6, random);
  });
}
