import { expect, test } from 'vitest';
import { exactNeighbours } from '#core/prepare/exact-neighbours';
import { Random } from '#core/base/random';
import { plainTally, tallyFor, type TallyOptions } from '#core/interpret/attribution-tally';
import type { AffineModel } from '#core/train/method';
import { createNeighbourSearch } from '#engine/neighbours/neighbour-search';
import { runningProducts } from '#engine/running-products';
import { runningPool } from '#engine/wasm/running-pool';

const [CELLS, WIDTH, FEATURES, LABELS] = [300, 12, 40, 3];

/** Whichever engine trains, what is computed on the processor is computed by the kernels. */
export function kernelCases(): void {
  test('the neighbour search is that of the kernels, and finds what the plain one finds', async () => {
    expect(runningPool()).not.toBeNull();
    const random = new Random(3);
    const values = Float32Array.from({ length: CELLS * WIDTH }, () => random.normal());
    const found = await createNeighbourSearch().search(values, WIDTH, 7, 'euclidean', {});
    const plain = await exactNeighbours.search(values, WIDTH, 7, 'euclidean', {});
    expect(Array.from(found.indices)).toEqual(Array.from(plain.indices));
  });

  test('sparse products of PCA are those of the kernels', () => {
    expect(runningProducts()).toBeDefined();
  });

  test('attributions are those of the kernels, counted as the plain ones are', () => {
    const random = new Random(5);
    const normal = (length: number): Float32Array => Float32Array.from({ length }, () => 0.4 * random.normal());
    const model: AffineModel = {
      width: WIDTH,
      encoder: normal(FEATURES * WIDTH),
      encoderBias: normal(WIDTH),
      classifier: normal(WIDTH * LABELS),
      classifierBias: normal(LABELS),
    };
    const indptr = Float64Array.from({ length: CELLS + 1 }, (_, row) => 20 * row);
    const indices = Uint32Array.from({ length: 20 * CELLS }, (_, i) => 2 * (i % 20));
    const values = Float32Array.from(indices, () => random.uniform() + 0.2);
    const counts = { rows: CELLS, columns: FEATURES, indptr, indices, values };
    const label = Int32Array.from({ length: CELLS }, (_, row) => row % LABELS);
    const options: TallyOptions = { features: FEATURES, labels: LABELS, perCell: 5, ranking: 'signed' };
    const [used, plain] = [runningPool()!.memory.used(), plainTally(model, options)];
    const tally = tallyFor(model, options);
    expect(runningPool()!.memory.used()).toBeGreaterThan(used);
    for (const one of [tally, plain]) one.add(counts, 0, CELLS, label);
    const found = tally.result();
    plain.result().forEach((expected, k) => {
      const largest = Math.max(...Array.from(expected!.attribution, Math.abs));
      expect(found[k]!.looked).toBe(expected!.looked);
      for (let j = 0; j < FEATURES; j++)
        expect(Math.abs(found[k]!.attribution[j]! - expected!.attribution[j]!) / largest).toBeLessThan(1e-4);
    });
    tally.dispose();
    expect(runningPool()!.memory.used()).toBe(used);
  });
}
