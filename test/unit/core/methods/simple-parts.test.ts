import { describe, expect, test } from 'vitest';
import { pairwiseMarkers } from '#core/methods/simple/label-markers';
import { minimise } from '#core/methods/simple/lbfgs';
import { rankLabeller } from '#core/train/rank-labeller';
import { csrOf } from '#test/support/arbitrary-matrix';
import { storedRows } from '#test/support/stored-rows';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

describe('features that tell two labels apart', () => {
  // feature 0 is higher in A for sure, 1 higher in A and noisy, 2 higher in B, 3 the same in both
  const levels = csrOf([
    [5, 9, 0, 1],
    [5.1, 1, 0, 1],
    [4.9, 5, 0.1, 1],
    [1, 2, 3, 1],
    [1.1, 0, 3.2, 1],
    [0.9, 1, 2.8, 1],
  ]);
  const label = Int32Array.of(0, 0, 0, 1, 1, 1);

  test('are those of largest Welch t in each direction, strongest first', async () => {
    const markers = await pairwiseMarkers(levels, label, 2, 20);
    expect(markers).toEqual([[], [0, 1], [2], []]);
    expect(await pairwiseMarkers(levels, label, 2, 1)).toEqual([[], [0], [2], []]);
  });

  test('are the same from stored rows', async () => {
    expect(await pairwiseMarkers(storedRows(levels, 2), label, 2, 20)).toEqual(
      await pairwiseMarkers(levels, label, 2, 20),
    );
  });
});

describe('minimise', () => {
  /** Σ c_i (x_i − i)², with curvatures from 1 to 1000. */
  const bowl = (x: Float64Array, gradient: Float64Array): number => {
    let value = 0;
    x.forEach((at, i) => {
      const c = 10 ** (i % 4);
      value += c * (at - i) ** 2;
      gradient[i] = 2 * c * (at - i);
    });
    return value;
  };

  test('finds the bottom of a long bowl, and its value never rises', async () => {
    const values: number[] = [];
    const found = await minimise(bowl, new Float64Array(12), {
      ...{ iterations: 200, tolerance: 1e-9 },
      told: (_, value) => void values.push(value),
    });
    expect(found.converged).toBe(true);
    found.x.forEach((at, i) => expect(at).toBeCloseTo(i, 9));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(values).toHaveLength(found.iterations);
  });

  test('stays where it is at the bottom, and says when iterations did not suffice', async () => {
    const bottom = Float64Array.from({ length: 12 }, (_, i) => i);
    expect(await minimise(bowl, bottom, { iterations: 5, tolerance: 1e-9 })).toMatchObject({
      iterations: 0,
      converged: true,
    });
    const cut = await minimise(bowl, new Float64Array(12), { iterations: 2, tolerance: 1e-9 });
    expect(cut).toMatchObject({ iterations: 2, converged: false });
  });
});

test('rank correlation chooses the label of the same order, at any scale, and scores it highest', async () => {
  const reference = {
    profiles: Float32Array.of(1, 2, 3, 4, 4, 3, 2, 1),
    features: 4,
    label: Int32Array.of(0, 1),
    labels: 2,
    markers: [[], [2, 3], [0, 1], []],
  };
  const cells = csrOf([
    [0, 1, 5, 50],
    [80, 7, 2, 0],
  ]);
  const { predicted, scores } = await rankLabeller().label(reference, cells);
  expect(predicted).toEqual(Int32Array.of(0, 1));
  expect([...scores]).toEqual([1, -1, -1, 1].map((r) => expect.closeTo(r, 5)));
});

test('groups of like cells: apart where they lie apart, one where one is asked for', async () => {
  const values = Float32Array.of(0, 0, 0.1, 0, 9, 9, 9.1, 9);
  const groups = await rankLabeller().groups(values, 2, 2);
  expect(groups[0]).toBe(groups[1]);
  expect(groups[2]).toBe(groups[3]);
  expect(groups[0]).not.toBe(groups[2]);
  expect(await rankLabeller().groups(values, 2, 1)).toEqual(new Int32Array(4));
});
