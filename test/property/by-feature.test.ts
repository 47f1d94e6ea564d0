import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { SparseRows } from '#core/data/sparse-rows';
import { byFeature, byFeatureNames } from '#compute/by-feature';
import type { ArrayValues } from '#store/stored-array';
import { countMatrix, csrOf, denseOf } from '#test/support/arbitrary-matrix';
import { storedRows } from '#test/support/stored-rows';

async function read(
  matrix: SparseRows,
): Promise<Record<string, { dtype: string; shape: readonly number[]; values: number[] }>> {
  const { arrays, close } = await byFeature(matrix);
  const out: Awaited<ReturnType<typeof read>> = {};
  for (const [name, { dtype, shape, pieces }] of Object.entries(arrays)) {
    const values: number[] = [];
    for await (const piece of pieces()) values.push(...(piece as Iterable<number> & ArrayValues));
    out[name] = { dtype, shape, values };
  }
  close();
  return out;
}

function denseAgain(arrays: Awaited<ReturnType<typeof read>>, { rows, columns }: CsrMatrix): number[][] {
  const dense = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  const starts = arrays[byFeatureNames.starts]!.values;
  for (let feature = 0; feature < columns; feature++) {
    for (let i = starts[feature]!; i < starts[feature + 1]!; i++)
      dense[arrays[byFeatureNames.cells]!.values[i]!]![feature] = arrays[byFeatureNames.values]!.values[i]!;
  }
  return dense;
}

test('the values by feature are those of the rows, whether these lie in memory or on disk', async () => {
  await fc.assert(
    fc.asyncProperty(countMatrix, fc.boolean(), async (matrix, onDisk) => {
      const arrays = await read(onDisk ? storedRows(matrix, 2) : matrix);
      expect(denseAgain(arrays, matrix)).toEqual(denseOf(matrix));
      const depth = denseOf(matrix).map((row) => row.reduce((sum, value) => sum + value, 0));
      expect(arrays[byFeatureNames.depth]!.values).toEqual(depth);
      const stored = denseOf(matrix)
        .flat()
        .filter((value) => value !== 0).length;
      expect(arrays[byFeatureNames.cells]!.shape).toEqual([stored]);
    }),
    { numRuns: 60 },
  );
});

test.each([
  [[[1, 255]], 'uint8'],
  [[[256, 0]], 'uint16'],
  [[[70_000, 3]], 'uint32'],
  [[[0.5, 1]], 'float32'],
  [[[-1, 1]], 'float32'],
  [[[0, 0]], 'uint8'],
])('%j is kept as %s', async (dense, dtype) => {
  const arrays = await read(csrOf(dense));
  expect(arrays[byFeatureNames.values]!.dtype).toBe(dtype);
});

test('cells of a row rise within a feature', async () => {
  const arrays = await read(storedRows(csrOf([[1], [0], [2], [3], [4]]), 2));
  expect(arrays[byFeatureNames.cells]!.values).toEqual([0, 2, 3, 4]);
});

test('is given up at once when it is cancelled', async () => {
  const cancel = new AbortController();
  cancel.abort();
  await expect(byFeature(csrOf([[1]]), cancel.signal)).rejects.toMatchObject({ name: 'Cancelled' });
});
