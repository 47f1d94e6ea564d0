import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { Svd } from '#core/prepare/randomised-svd';
import { streamedSvd } from '#core/prepare/streamed-svd';
import { KernelPool } from '#engine/wasm/kernel-pool';
import { kernelProducts } from '#engine/wasm/kernel-products';
import { storedRows } from '#test/support/stored-rows';

let pool: KernelPool;
beforeAll(async () => {
  pool = await KernelPool.start(2);
});
afterAll(() => pool.stop());

const RANK = 3;
/** Above so many columns AᵀA is not written out, and the kernels make every product. */
const GRAM_COLUMNS = 4096;

interface Planted {
  readonly matrix: CsrMatrix;
  readonly centre: Float64Array | undefined;
  readonly perBlock: number;
  readonly seed: number;
}

/** Sparse rows in RANK groups of clearly different sizes on features of their own, so that components are far apart, and noise. */
const planted: fc.Arbitrary<Planted> = fc
  .record({
    rows: fc.integer({ min: 20, max: 60 }),
    wide: fc.boolean(),
    centred: fc.boolean(),
    perBlock: fc.integer({ min: 5, max: 25 }),
    seed: fc.nat(10_000),
  })
  .map(({ rows, wide, centred, perBlock, seed }) => {
    const random = new Random(seed);
    const columns = wide ? GRAM_COLUMNS + 1 + random.below(500) : 40 + random.below(200);
    const indices: number[] = [];
    const values: number[] = [];
    const indptr = new Float64Array(rows + 1);
    for (let row = 0; row < rows; row++) {
      const group = row % RANK;
      for (let column = 0; column < columns; column++) {
        const own = column < 30 && column % RANK === group;
        if (!own && random.uniform() > 20 / columns) continue;
        indices.push(column);
        values.push(own ? 4 * 2 ** group * (0.9 + 0.2 * random.uniform()) : random.uniform() / 4);
      }
      indptr[row + 1] = indices.length;
    }
    const matrix: CsrMatrix = {
      ...{ rows, columns, indptr },
      indices: Uint32Array.from(indices),
      values: Float32Array.from(values),
    };
    return { matrix, centre: centred ? means(matrix) : undefined, perBlock, seed };
  });

function means({ rows, columns, indices, values }: CsrMatrix): Float64Array {
  const mean = new Float64Array(columns);
  indices.forEach((column, p) => (mean[column]! += values[p]! / rows));
  return mean;
}

test('a decomposition of stored rows by the kernels is that of plain loops up to float32', async () => {
  await fc.assert(
    fc.asyncProperty(planted, async ({ matrix, centre, perBlock, seed }) => {
      const rank = centre === undefined ? RANK : RANK - 1; // centring takes one direction off
      const options = { seed, ...(centre === undefined ? {} : { centre }) };
      const plain = await streamedSvd(storedRows(matrix, perBlock), rank, options);
      const before = pool.memory.used();
      const products = kernelProducts(pool, 300); // in several pieces
      const quick = await streamedSvd(storedRows(matrix, perBlock), rank, { ...options, products });
      expect(pool.memory.used()).toBe(before);
      expect(quick.rank).toBe(plain.rank);
      for (const part of ['singularValues', 'scores', 'loadings'] as const) expectNear(quick, plain, part);
    }),
    { numRuns: 12 },
  );
});

function expectNear(found: Svd, wanted: Svd, part: 'singularValues' | 'scores' | 'loadings'): void {
  expect(found[part]).toHaveLength(wanted[part].length);
  const largest = Math.max(...Array.from(wanted[part], Math.abs));
  let gap = 0;
  found[part].forEach((value: number, i: number) => (gap = Math.max(gap, Math.abs(value - wanted[part][i]!))));
  expect(gap / largest, part).toBeLessThan(1e-4);
}
