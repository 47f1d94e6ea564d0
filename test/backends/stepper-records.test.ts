import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { RowRecords } from '#core/data/row-records';
import type { SparseRows, StoredRows } from '#core/data/sparse-rows';
import { initialArrays, type StateArrays } from '#core/methods/cellpredx/network';
import { cellPredXSettings } from '#core/methods/cellpredx/settings';
import { type MakeStepper, tensorStepper } from '#core/methods/cellpredx/stepper';
import type { StepBatch } from '#core/methods/cellpredx/training-step';
import { csrBatch } from '#core/train/csr-batch';
import { wasmStepper } from '#engine/wasm/step/wasm-stepper';
import { packRows } from '#store/packed-rows';
import { kernelPools } from '#test/support/kernel-pools';
import { randomMatrix } from '#test/support/random-matrix';
import { storedRows } from '#test/support/stored-rows';

const n = 37;
const labels = 4;
const pools = kernelPools();
const settings = cellPredXSettings.parse({ contrastiveWeight: 0.5, sparseCentreWeight: 0.3, centreStartStep: 0 });

type Kind = 'ones' | 'bytes' | 'counts' | 'any';
const kinds: Record<Kind, (random: Random) => number> = {
  ones: () => 1,
  bytes: (random) => random.below(256),
  counts: (random) => random.below(65_536),
  any: (random) => random.normal(),
};

/** Rows of one kind of values, or of all by turns; some are empty, some are longer than a tile is wide. */
function matrixOf(random: Random, features: number, kind: Kind | 'mixed'): CsrMatrix {
  const matrix = randomMatrix(random, 2 * n, features);
  const names = Object.keys(kinds) as Kind[];
  for (let row = 0; row < matrix.rows; row++) {
    const of = kinds[kind === 'mixed' ? names[row % names.length]! : kind];
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) matrix.values[p] = of(random);
  }
  return matrix;
}

/** The rows as they would lie in a file. */
function asRecords(matrix: CsrMatrix): StoredRows & { readonly records: RowRecords } {
  const { bytes, counts, valueBytes } = packRows(matrix);
  const single = Array.from({ length: matrix.rows }, (_, row) =>
    packRows({
      ...matrix,
      rows: 1,
      indptr: Float64Array.of(0, counts[row]!),
      indices: matrix.indices.subarray(matrix.indptr[row]!, matrix.indptr[row + 1]!),
      values: matrix.values.subarray(matrix.indptr[row]!, matrix.indptr[row + 1]!),
    }),
  );
  expect(single.reduce((sum, one) => sum + one.bytes.length, 0)).toBe(bytes.length);
  return {
    ...storedRows(matrix),
    records: {
      columnBytes: matrix.columns > 65_536 ? 4 : 2,
      count: (row) => counts[row]!,
      valueBytes: (row) => valueBytes[row] as 1 | 2 | 4,
      bytes: (row) => single[row]!.bytes.length,
      read: (row, into, at) => into.set(single[row]!.bytes, at),
      near: () => Promise.resolve(),
    },
  };
}

async function trained(make: MakeStepper, sides: readonly SparseRows[], seed = 7): Promise<StateArrays> {
  const random = new Random(seed);
  const stepper = make(initialArrays({ features: sides[0]!.columns, labels }, settings, 3), settings);
  try {
    for (let step = 0; step < 2; step++) {
      const part = (side: number) => ({ matrix: sides[side]!, rows: random.sample(2 * n, n) });
      const partners = { matrix: sides[1]!, rows: Int32Array.from({ length: n }, () => random.below(2 * n)) };
      const batch: StepBatch<SparseRows> = {
        cells: await stepper.fetch(csrBatch([part(0), part(1), partners])),
        labels: Int32Array.from({ length: n }, () => random.below(labels)),
        negatives: Int32Array.from({ length: Math.floor(0.8 * n) }, () => random.below(n)),
      };
      await stepper.step(batch, step);
    }
    return await stepper.state();
  } finally {
    stepper.dispose();
  }
}

describe('a step that takes rows as they lie in a file', () => {
  test.each([
    ['ones', 700],
    ['bytes', 300],
    ['counts', 1100],
    ['any', 513],
    ['mixed', 2100],
    ['mixed', 65_536],
    ['mixed', 66_000],
  ] as const)('finds the same bits as from memory: %s, %i features', async (kind, features) => {
    const random = new Random(11);
    const sides = [0, 1].map(() => matrixOf(random, features, kind));
    const expected = await trained(wasmStepper(pools.one), sides);
    const stored = sides.map((side) => asRecords(side));
    expect(await trained(wasmStepper(pools.one), stored)).toEqual(expected);
    expect(await trained(wasmStepper(pools.three), stored)).toEqual(expected);
    expect(await trained(wasmStepper(pools.three), [sides[0]!, stored[1]!])).toEqual(expected);
  });

  test('finds the same bits from rows that are changed when they are read', async () => {
    const random = new Random(12);
    const sides = [0, 1].map(() => matrixOf(random, 300, 'any'));
    const changed = sides.map((side) => storedRows(side));
    const expected = await trained(wasmStepper(pools.one), sides);
    expect(await trained(wasmStepper(pools.three), changed)).toEqual(expected);
    expect(await trained(tensorStepper, changed)).toEqual(await trained(tensorStepper, sides));
  });

  test.each([1, 40, 90])('tells what is wrong with reading %i, and the threads work on', async (reading) => {
    const random = new Random(13);
    const sides = [0, 1].map(() => matrixOf(random, 300, 'any'));
    for (const pool of [pools.one, pools.three]) {
      let left = reading;
      const failing = sides.map((side) => {
        const stored = asRecords(side);
        const read: RowRecords['read'] = (...args) => {
          if (--left === 0) throw new Error('the file ends here');
          stored.records.read(...args);
        };
        return { ...stored, records: { ...stored.records, read } };
      });
      await expect(trained(wasmStepper(pool), failing)).rejects.toThrow('the file ends here');
      expect(await trained(wasmStepper(pool), sides)).toEqual(await trained(wasmStepper(pools.one), sides));
    }
  });
});
