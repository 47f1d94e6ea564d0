import { expect, test } from 'vitest';
import { meanRanks, normalBelow, signedRankTest } from '#core/assess/paired-tests';
import { chiSquareAbove, compareByRanks, studentisedRangeAbove } from '#core/assess/rank-comparison';
import { golden } from '#test/support/golden';

const file = golden<{
  signed_rank: { differences: number[]; p: number }[];
  friedman: { scores: number[][]; statistic: number; p: number }[];
  range: { q: number; k: number; above: number }[];
  normal: { z: number; below: number }[];
  chi_square: { x: number; degrees: number; above: number }[];
}>('rank-tests');

test.each(file.signed_rank)('the signed-rank test of $differences is exact, ties included', ({ differences, p }) => {
  const found = signedRankTest(differences);
  expect(found.exact).toBe(true);
  expect(found.p).toBeCloseTo(p, 12);
  expect(signedRankTest(differences.map((d) => -d)).p).toBeCloseTo(p, 12);
});

test('the signed-rank test leaves equal pairs out, and says nothing where none differs', () => {
  expect(signedRankTest([0, 0, 0])).toEqual({ pairs: 0, positive: 0, p: null, exact: true });
  expect(signedRankTest([1, 0, 2, 3])).toEqual(signedRankTest([1, 2, 3]));
});

test('above 200 pairs the normal approximation joins the exact test', () => {
  const differences = Array.from({ length: 201 }, (_, i) => Math.sin(i * i) + 0.12);
  const [many, fewer] = [signedRankTest(differences), signedRankTest(differences.slice(1))];
  expect([many.exact, fewer.exact]).toEqual([false, true]);
  expect(Math.abs(many.p! / fewer.p! - 1)).toBeLessThan(0.15);
});

test.each(file.friedman)('Friedman’s test equals that of scipy', ({ scores, statistic, p }) => {
  const { friedman, nemenyi, meanRank } = compareByRanks(scores);
  expect(friedman!.chiSquare).toBeCloseTo(statistic, 9);
  expect(friedman!.p).toBeCloseTo(p, 9);
  const k = meanRank.length;
  for (let i = 0; i < k; i++) {
    expect(nemenyi[i * k + i]).toBe(1);
    for (let j = 0; j < k; j++) expect(nemenyi[i * k + j]).toBe(nemenyi[j * k + i]);
  }
});

test('methods that are equal everywhere, a single block and a single method have no test', () => {
  const equal = [1, 2].map((score) => [score, score]);
  expect(compareByRanks(equal)).toMatchObject({ meanRank: [1.5, 1.5], friedman: null, nemenyi: [] });
  expect(compareByRanks([[3, 1]])).toMatchObject({ blocks: 1, meanRank: [1, 2], friedman: null });
  expect(compareByRanks([[3], [4]]).friedman).toBeNull();
});

test.each(file.range)('the studentised range above $q of $k', ({ q, k, above }) => {
  expect(studentisedRangeAbove(q, k)).toBeCloseTo(above, 6);
});

test('the normal and the chi-square distribution equal those of scipy', () => {
  for (const { z, below } of file.normal) expect(Math.abs(normalBelow(z) / below - 1)).toBeLessThan(1e-9);
  for (const { x, degrees, above } of file.chi_square) expect(chiSquareAbove(x, degrees)).toBeCloseTo(above, 12);
});

test('equal values share their mean rank', () => {
  expect(meanRanks([3, 1, 3, 2])).toEqual([3.5, 1, 3.5, 2]);
  expect(meanRanks([])).toEqual([]);
});
