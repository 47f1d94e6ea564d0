import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { type MakeTally, plainTally, type TallyOptions } from '#core/interpret/attribution-tally';
import type { AffineModel } from '#core/train/method';
import { KernelPool } from '#engine/wasm/kernel-pool';
import { wasmTally } from '#engine/wasm/wasm-tally';
import { selectEngine } from '#test/support/tensor-engines';

let pools: readonly KernelPool[];
beforeAll(async () => {
  await selectEngine('cpu');
  pools = [await KernelPool.start(1), await KernelPool.start(3)];
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.stop()));
});

const ROWS = 150;
const FEATURES = 90;

test.each([
  { ranking: 'signed', perCell: 7, labels: 5, steepness: 0.3 },
  { ranking: 'absolute', perCell: 7, labels: 3, steepness: 0.3 },
  { ranking: 'signed', perCell: 100, labels: 1, steepness: 0.3 },
  { ranking: 'signed', perCell: 5, labels: 18, steepness: 0.3 },
  { ranking: 'signed', perCell: 9, labels: 6, steepness: 12 }, // more nodes are needed
] as const)(
  'the kernels count what the plain tally counts: $ranking, $perCell a cell, $labels labels, $steepness',
  (given) => {
    const { labels, perCell, ranking, steepness } = given;
    const random = new Random(11);
    const model = affineModel(random, labels, steepness);
    const matrix = randomMatrix(random);
    const label = Int32Array.from({ length: ROWS }, (_, i) =>
      i % 13 === 0 ? -1 : random.below(Math.max(1, labels - 1)),
    );
    const options: TallyOptions = { features: FEATURES, labels, perCell, ranking };
    const expected = counted(plainTally);
    for (const pool of pools) {
      const before = pool.memory.used();
      const found = counted(wasmTally(pool));
      expect(pool.memory.used()).toBe(before);
      expect(found.map((tally) => tally?.looked)).toEqual(expected.map((tally) => tally?.looked));
      expected.forEach((tally, k) => {
        if (tally === undefined) return;
        const largest = Math.max(...Array.from(tally.attribution, Math.abs), 1e-6);
        for (let j = 0; j < FEATURES; j++) {
          expect(Math.abs(found[k]!.attribution[j]! - tally.attribution[j]!) / largest).toBeLessThan(1e-4);
        }
        // scores that are equal to rounding may change places
        const moved = Array.from(tally.cells, (count, j) => Math.abs(count - found[k]!.cells[j]!));
        expect(moved.reduce((sum, by) => sum + by, 0)).toBeLessThanOrEqual(2);
      });
    }
    expect(counted(wasmTally(pools[1]!))).toEqual(counted(wasmTally(pools[0]!)));

    function counted(make: MakeTally): ReturnType<ReturnType<MakeTally>['result']> {
      const tally = make(model, options);
      tally.add(matrix, 0, 100, label.subarray(0, 100));
      tally.add(matrix, 100, ROWS, label.subarray(100));
      const result = tally.result();
      tally.dispose();
      return result;
    }
  },
);

function affineModel(random: Random, labels: number, steepness: number): AffineModel {
  const width = 6;
  const normal = (length: number, spread: number): Float32Array =>
    Float32Array.from({ length }, () => spread * random.normal());
  return {
    width,
    encoder: normal(FEATURES * width, steepness),
    encoderBias: normal(width, 0.2),
    classifier: normal(width * labels, 0.5),
    classifierBias: normal(labels, 0.2),
  };
}

function randomMatrix(random: Random): CsrMatrix {
  const indices: number[] = [];
  const indptr = new Float64Array(ROWS + 1);
  for (let row = 0; row < ROWS; row++) {
    if (row !== 3) indices.push(...random.sample(FEATURES, 1 + random.below(40)).sort());
    indptr[row + 1] = indices.length;
  }
  const values = Float32Array.from(indices, () => random.uniform() + 0.2);
  return { rows: ROWS, columns: FEATURES, indptr, indices: Uint32Array.from(indices), values };
}
