import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { embeddingSpread } from '#core/assess/embedding-spread';

function normals(cells: number, width: number, scale: (dimension: number) => number): Float32Array {
  const random = new Random(4);
  return Float32Array.from({ length: cells * width }, (_, i) => scale(i % width) * random.normal());
}

describe('the spread of an embedding', () => {
  test('of four corners of a square is what one computes by hand', () => {
    const found = embeddingSpread(Float32Array.of(1, 1, 1, -1, -1, 1, -1, -1), 2);
    expect(found).toEqual({ deviation: 1, effectiveRank: 2, offDiagonalCovariance: 0, offDiagonalCorrelation: 0 });
  });

  test('of cells on a diagonal has rank 1, correlation 1 and the covariance of the dimensions', () => {
    const found = embeddingSpread(Float32Array.of(0, 0, 2, -2, 4, -4), 2);
    expect(found.effectiveRank).toBeCloseTo(1, 6);
    expect(found.offDiagonalCorrelation).toBeCloseTo(1, 6);
    expect(found.offDiagonalCovariance).toBeCloseTo(4, 6);
  });

  test('fills as many dimensions as are wide, whatever the size', () => {
    const rank = (scale: (dimension: number) => number): number =>
      embeddingSpread(normals(4000, 8, scale), 8).effectiveRank;
    expect(rank(() => 1)).toBeGreaterThan(7.9);
    expect(rank(() => 30)).toBeCloseTo(
      rank(() => 1),
      3,
    );
    expect(Math.abs(rank((dimension) => (dimension < 3 ? 1 : 0)) - 3)).toBeLessThan(0.05);
  });

  test('of cells in one point is nothing', () => {
    const found = embeddingSpread(new Float32Array(12).fill(2), 3);
    expect(found).toEqual({ deviation: 0, effectiveRank: 0, offDiagonalCovariance: 0, offDiagonalCorrelation: 0 });
  });

  test('of one dimension has nothing off the diagonal', () => {
    expect(embeddingSpread(Float32Array.of(1, 3), 1).offDiagonalCovariance).toBe(0);
  });

  test('is refused for fewer than two cells or broken rows', () => {
    expect(() => embeddingSpread(Float32Array.of(1, 2), 2)).toThrow('fewer than two');
    expect(() => embeddingSpread(Float32Array.of(1, 2, 3), 2)).toThrow('no rows of 2');
  });
});
