import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { drawGamma, drawNegativeBinomial, drawPoisson } from '#core/simulate/draw-counts';

/** Mean and unbiased variance of many draws. */
function moments(draw: () => number, draws = 40_000): { mean: number; variance: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < draws; i++) {
    const value = draw();
    sum += value;
    squares += value * value;
  }
  return { mean: sum / draws, variance: (squares - (sum * sum) / draws) / (draws - 1) };
}

describe('drawPoisson', () => {
  test.each([0.02, 0.5, 3, 29, 31, 250, 5000])('has mean and variance %d', (mean) => {
    const random = new Random(11);
    const seen = moments(() => drawPoisson(random, mean));
    // Five standard errors of the relative mean and variance of 40 000 Poisson numbers.
    expect(Math.abs(seen.mean / mean - 1)).toBeLessThan(5 / Math.sqrt(40_000 * mean));
    expect(Math.abs(seen.variance / mean - 1)).toBeLessThan(5 * Math.sqrt((2 + 1 / mean) / 40_000));
  });

  test('gives 0 for mean 0 and refuses other means', () => {
    expect(drawPoisson(new Random(1), 0)).toBe(0);
    expect(() => drawPoisson(new Random(1), -1)).toThrow('mean -1');
    expect(() => drawPoisson(new Random(1), NaN)).toThrow('mean NaN');
  });

  test('gives each small count as often as the formula says', () => {
    const random = new Random(5);
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 50_000; i++) {
      const k = drawPoisson(random, 1.3);
      if (k < 5) counts[k]!++;
    }
    let chance = Math.exp(-1.3);
    counts.forEach((count, k) => {
      if (k > 0) chance *= 1.3 / k;
      expect(Math.abs(count / 50_000 - chance)).toBeLessThan(0.008);
    });
  });
});

describe('drawGamma', () => {
  test.each([
    [0.3, 2],
    [1, 1],
    [6.7, 0.5],
    [200, 0.1],
  ])('has mean shape·scale and variance shape·scale² for shape %d, scale %d', (shape, scale) => {
    const random = new Random(3);
    const seen = moments(() => drawGamma(random, shape, scale));
    expect(Math.abs(seen.mean / (shape * scale) - 1)).toBeLessThan(0.03);
    expect(Math.abs(seen.variance / (shape * scale * scale) - 1)).toBeLessThan(0.08);
  });

  test('refuses a shape that is not above 0', () => {
    expect(() => drawGamma(new Random(1), 0, 1)).toThrow('shape 0');
  });
});

describe('drawNegativeBinomial', () => {
  test.each([
    [2, 0.15],
    [20, 0.5],
    [0.4, 2],
  ])('has variance mean + φ·mean² for mean %d, φ %d', (mean, dispersion) => {
    const random = new Random(9);
    const seen = moments(() => drawNegativeBinomial(random, mean, dispersion), 80_000);
    expect(Math.abs(seen.mean / mean - 1)).toBeLessThan(0.03);
    expect(Math.abs(seen.variance / (mean + dispersion * mean * mean) - 1)).toBeLessThan(0.08);
  });

  test('is Poisson without dispersion', () => {
    const random = new Random(4);
    const seen = moments(() => drawNegativeBinomial(random, 4, 0));
    expect(Math.abs(seen.variance / seen.mean - 1)).toBeLessThan(0.05);
  });
});
