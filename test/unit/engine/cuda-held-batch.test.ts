import { expect, test } from 'vitest';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { csrBatch, rowRange } from '#core/train/csr-batch';
import { BatchHolder } from '#engine/cuda/held-batch';
import type { TensorflowBinding } from '#engine/cuda/tensorflow-backend';

const matrix: CsrMatrix = {
  rows: 3,
  columns: 5,
  indptr: Float64Array.of(0, 2, 2, 4),
  indices: Uint32Array.of(1, 4, 0, 3),
  values: Float32Array.of(10, 11, 12, 13),
};

/** Stands in for TensorFlow: keeps what it is handed until it is freed. */
function recording() {
  const live = new Map<number, { shape: readonly number[]; dtype: number; values: number[] }>();
  let next = 0;
  const binding = {
    TF_FLOAT: 1,
    TF_INT32: 3,
    TF_INT64: 9,
    createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array) {
      live.set(next, { shape, dtype, values: Array.from(values) });
      return next++;
    },
    deleteTensor(id: number) {
      if (!live.delete(id)) throw new Error(`tensor ${id} is not held`);
    },
  } as unknown as TensorflowBinding;
  return { binding, live };
}

test('a batch arrives as places, values and shape, its parts under one another', () => {
  const { binding, live } = recording();
  const batch = csrBatch([
    { matrix, rows: Int32Array.of(2, 1) },
    { matrix, rows: Int32Array.of(0) },
  ]);
  const [places, values, shape] = new BatchHolder(binding).get(batch).map((id) => live.get(id));
  expect(places).toEqual({ shape: [4, 2], dtype: 3, values: [0, 0, 0, 3, 2, 1, 2, 4] });
  expect(values).toEqual({ shape: [4], dtype: 1, values: [12, 13, 10, 11] });
  expect(shape).toEqual({ shape: [2], dtype: 9, values: [3, 0, 5, 0] }); // int64 as two int32, low half first
});

test('a batch without values arrives as empty lists', () => {
  const { binding, live } = recording();
  const [places, values, shape] = new BatchHolder(binding).get(rowRange(matrix, 1, 2)).map((id) => live.get(id));
  expect(places).toEqual({ shape: [0, 2], dtype: 3, values: [] });
  expect(values).toEqual({ shape: [0], dtype: 1, values: [] });
  expect(shape?.values).toEqual([1, 0, 5, 0]);
});

test('the same batch is handed over once; another one, and its release, free it', () => {
  const { binding, live } = recording();
  const holder = new BatchHolder(binding);
  const [first, second] = [rowRange(matrix), rowRange(matrix)];
  const held = holder.get(first);
  expect(holder.get(first)).toBe(held);
  expect([...live.keys()]).toEqual([...held]);
  const other = holder.get(second);
  expect([...live.keys()]).toEqual([...other]);
  holder.release();
  expect(live.size).toBe(0);
  holder.release();
  expect(holder.get(second)).not.toBe(other);
});
