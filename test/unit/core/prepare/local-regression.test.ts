import { describe, expect, test } from 'vitest';
import { localRegression } from '#core/prepare/local-regression';
import { mostVariable, normalisedVariances } from '#core/prepare/variable-features';
import { csrOf } from '#test/support/arbitrary-matrix';

describe('local regression', () => {
  test('gives a straight line back, whatever the order of the points', () => {
    const x = Float64Array.from({ length: 200 }, (_, i) => ((i * 37) % 200) / 10);
    const curve = localRegression(
      x,
      x.map((v) => 3 - 2 * v),
      0.3,
    );
    curve.forEach((value, i) => expect(value).toBeCloseTo(3 - 2 * x[i]!, 8));
  });

  test('gives a parabola back where a vertex lies', () => {
    const x = Float64Array.from({ length: 101 }, (_, i) => i - 50);
    const curve = localRegression(
      x,
      x.map((v) => v * v),
      0.3,
    );
    curve.forEach((value, i) => expect(value).toBeCloseTo(x[i]! ** 2, 6));
  });

  test('of points that all lie at one x is their mean', () => {
    const curve = localRegression(
      new Float64Array(10).fill(2),
      Float64Array.from({ length: 10 }, (_, i) => i),
      1,
    );
    curve.forEach((value) => expect(value).toBeCloseTo(4.5, 10));
  });

  test('of one, two or no points has no gaps', () => {
    expect([...localRegression(Float64Array.of(), Float64Array.of(), 0.3)]).toEqual([]);
    expect([...localRegression(Float64Array.of(1), Float64Array.of(5), 0.3)]).toEqual([5]);
    for (const value of localRegression(Float64Array.of(1, 2), Float64Array.of(5, 6), 0.3)) {
      expect(Number.isFinite(value)).toBe(true);
    }
  });
});

describe('normalised variances', () => {
  test('are 0 for features that never vary, and finite for all', async () => {
    const scores = await normalisedVariances(
      csrOf([
        [0, 2, 1, 5, 0],
        [0, 2, 0, 1, 9],
        [0, 2, 3, 0, 0],
      ]),
    );
    expect([...scores.slice(0, 2)]).toEqual([0, 0]);
    for (const score of scores) expect(Number.isFinite(score)).toBe(true);
  });

  test('of one cell are all 0, so that features keep their order', async () => {
    const scores = await normalisedVariances(csrOf([[3, 0, 1]]));
    expect([...mostVariable(scores, 2)]).toEqual([0, 1]);
  });
});
