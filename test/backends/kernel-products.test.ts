import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { product, randomisedSvd } from '#core/prepare/randomised-svd';
import { transpose } from '#core/data/csr-matrix';
import { KernelPool } from '#engine/wasm/kernel-pool';
import { kernelProducts } from '#engine/wasm/kernel-products';

let pool: KernelPool;
beforeAll(async () => {
  pool = await KernelPool.start(2);
});
afterAll(() => pool.stop());

function randomMatrix(rows: number, columns: number, perRow: number): CsrMatrix {
  const random = new Random(rows + columns);
  const indices: number[] = [];
  const indptr = new Float64Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    if (row % 7 !== 2) indices.push(...random.sample(columns, 1 + random.below(perRow)).sort());
    indptr[row + 1] = indices.length;
  }
  const values = Float32Array.from(indices, () => random.normal());
  return { rows, columns, indptr, indices: Uint32Array.from(indices), values };
}

test.each([
  [1, 1, 1, 3],
  [40, 1300, 20, 12],
  [700, 90, 30, 62],
  [300, 2100, 60, 5],
] as const)('%i × %i: both products are those of plain loops', (rows, columns, perRow, width) => {
  const matrix = randomMatrix(rows, columns, perRow);
  const random = new Random(5);
  const block = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  const [right, left] = [block(columns * width), block(rows * width)];
  const before = pool.memory.used();
  const products = kernelProducts(pool, 1000); // the larger ones go in pieces
  expectNear(products.product(matrix, right, width), product(matrix, Float64Array.from(right), width));
  const turned = product(transpose(matrix), Float64Array.from(left), width);
  expectNear(products.transposedProduct(matrix, left, width), turned);
  expect(pool.memory.used()).toBe(before);
});

test('a decomposition by the kernels is that of float64', async () => {
  const matrix = randomMatrix(400, 150, 40);
  const centre = Float64Array.from({ length: 150 }, (_, j) => (j % 5) / 50);
  const exact = await randomisedSvd(matrix, 12, { seed: 1, centre });
  const quick = await randomisedSvd(matrix, 12, { seed: 1, centre, products: kernelProducts(pool) });
  expectNear(quick.singularValues, exact.singularValues);
  expectNear(quick.loadings, exact.loadings, 1e-4);
  expectNear(quick.scores, exact.scores, 1e-4);
});

/** Differences below `share` of the largest number. */
function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>, share = 1e-5): void {
  expect(found.length).toBe(expected.length);
  let [worst, largest] = [0, 1e-6];
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(found[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  expect(worst / largest).toBeLessThan(share);
}
