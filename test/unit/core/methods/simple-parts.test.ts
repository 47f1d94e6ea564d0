import { describe, expect, test } from 'vitest';
import { pairwiseMarkers } from '#core/methods/simple/label-markers';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { choosePenalty } from '#core/methods/simple/choose-penalty';
import { minimise } from '#core/methods/simple/lbfgs';
import { linearCurvature, linearObjective, linearStart } from '#core/methods/simple/linear-fit';
import { rankLabeller } from '#core/train/rank-labeller';
import { csrOf } from '#test/support/arbitrary-matrix';
import { simulatedPair } from '#test/support/simulated-pair';
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
    const curvature = bottom.map((i) => 2 * 10 ** (i % 4));
    expect(await minimise(bowl, new Float64Array(12), { iterations: 9, tolerance: 1e-9, curvature })).toMatchObject({
      iterations: 1, // the first step goes where the curvature says
      converged: true,
    });
    const cut = await minimise(bowl, new Float64Array(12), { iterations: 2, tolerance: 1e-9 });
    expect(cut).toMatchObject({ iterations: 2, converged: false });
  });
});

describe.each(['softmax', 'squared-hinge'] as const)('a linear fit with the loss %s', (loss) => {
  const { reference } = simulatedPair(3, { reference: 90 }).pair;
  const shift = Float32Array.from({ length: reference.input.columns }, (_, j) => (j % 7) / 10 - 0.3);
  const rows = { matrix: reference.input as CsrMatrix, shift, label: reference.label };

  test.each([1e-4, 1e-2, 1])('ends within a ten-thousandth of the least objective at C = %f', async (penalty) => {
    const objective = linearObjective(rows, 4, loss, penalty);
    const n = (reference.input.columns + 1) * 4;
    const start = linearStart(rows, 4, loss);
    const curvature = linearCurvature(rows, 4, loss)(penalty);
    const found = await minimise(objective, start, { iterations: 300, tolerance: 1e-6, curvature });
    const least = await minimise(objective, new Float64Array(n), { iterations: 3000, tolerance: 1e-10 });
    expect(found.converged).toBe(true);
    expect(found.value).toBeLessThanOrEqual(least.value * (1 + 1e-4));
  });

  test('guesses how many iterations there will be, within a half when most of them are done', async () => {
    const guesses: { done: number; expected: number }[] = [];
    const found = await minimise(linearObjective(rows, 4, loss, 1e-2), linearStart(rows, 4, loss), {
      ...{ iterations: 300, tolerance: 1e-6 },
      curvature: linearCurvature(rows, 4, loss)(1e-2),
      told: (done, _, expected) => void guesses.push({ done, expected }),
    });
    for (const { done, expected } of guesses) {
      expect(expected).toBeGreaterThanOrEqual(done);
      expect(expected).toBeLessThanOrEqual(300);
    }
    for (const { expected } of guesses.slice(Math.floor(0.7 * guesses.length)))
      expect(Math.abs(expected - found.iterations)).toBeLessThanOrEqual(0.5 * found.iterations);
  });

  test('tells the share of the choice of C that is done, rising to all of it', async () => {
    const shares: number[] = [];
    const tried = [1e-4, 1e-3, 1e-2, 1e-1, 1];
    await choosePenalty(rows, 4, loss, { tried, seed: 1, share: (share) => shares.push(share) });
    expect(shares.length % 3).toBe(0);
    expect(shares.every((share) => share > 0 && share <= 1)).toBe(true);
    expect(shares.at(-1)).toBeGreaterThan(0.6);
    expect(shares.at(-1)).toBe(Math.max(...shares));
  });

  test('begins with the best scores that do not look at the cell', async () => {
    const start = linearStart(rows, 4, loss);
    const gradient = new Float64Array(start.length);
    await linearObjective(rows, 4, loss, 1)(start, gradient);
    const biases = [...gradient.subarray(-4)];
    if (loss === 'softmax')
      biases.forEach((slope) => expect(Math.abs(slope)).toBeLessThan(0.02)); // but for one cell more each
    else expect([...start]).toEqual([...start].fill(0));
  });

  test('its curvature is that of the objective along each weight, where scores do not look at the cell', async () => {
    const start = linearStart(rows, 4, loss);
    const objective = linearObjective(rows, 4, loss, 0.1);
    const curvature = linearCurvature(rows, 4, loss)(0.1);
    for (const place of [0, 5, 402, start.length - 1]) {
      const slopes = await Promise.all(
        [-0.01, 0.01].map(async (by) => {
          const gradient = new Float64Array(start.length);
          await objective(
            start.map((w, i) => (i === place ? w + by : w)),
            gradient,
          );
          return gradient[place]!;
        }),
      );
      expect((slopes[1]! - slopes[0]!) / 0.02 / curvature[place]!).toBeCloseTo(1, 1);
    }
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
