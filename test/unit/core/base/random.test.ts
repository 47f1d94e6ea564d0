import { expect, test } from 'vitest';
import { Random } from '#core/base/random';

test('the same seed gives the same sequence, another seed another one', () => {
  const draw = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 8 }, () => random.word());
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('a restored state continues the sequence', () => {
  const random = new Random(1);
  for (let i = 0; i < 100; i++) random.uniform();
  const copy = Random.restore(random.state());
  expect(Array.from({ length: 5 }, () => copy.word())).toEqual(Array.from({ length: 5 }, () => random.word()));
});

test('uniform numbers lie in [0, 1) with mean ½ and variance 1/12', () => {
  const random = new Random(2);
  const draws = Array.from({ length: 40_000 }, () => random.uniform());
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...draws)).toBeLessThan(1);
  const mean = draws.reduce((a, b) => a + b) / draws.length;
  const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
  expect(mean).toBeCloseTo(0.5, 2);
  expect(variance).toBeCloseTo(1 / 12, 2);
});

test('normal numbers have mean 0 and variance 1', () => {
  const random = new Random(3);
  const draws = Array.from({ length: 40_000 }, () => random.normal());
  const mean = draws.reduce((a, b) => a + b) / draws.length;
  const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(variance - 1)).toBeLessThan(0.03);
});

test('a sample holds different numbers of the range, each equally often', () => {
  const random = new Random(4);
  const seen = new Int32Array(10);
  for (let round = 0; round < 5000; round++) {
    const sample = random.sample(10, 4);
    expect(new Set(sample).size).toBe(4);
    for (const value of sample) seen[value]!++;
  }
  for (const count of seen) expect(Math.abs(count / 5000 - 0.4)).toBeLessThan(0.03);
});

test('a sample of everything is a permutation', () => {
  expect([...new Random(5).sample(50, 50)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
});

test('generators for two purposes do not follow one another', () => {
  const a = Random.forPurpose(1234, 'batches');
  const b = Random.forPurpose(1234, 'weights');
  expect(a.word()).not.toBe(b.word());
});
