import { meanRanks, normalBelow } from './paired-tests.ts';

/** Whether several methods differ over the same data sets, and which. */
export interface RankComparison {
  readonly blocks: number;
  /** [methods] mean rank, 1 is best. */
  readonly meanRank: readonly number[];
  /** Friedman's chi-square with the correction for ties, its degrees of freedom and p; null for fewer than two methods or blocks, or where all are equal everywhere. */
  readonly friedman: { readonly chiSquare: number; readonly degrees: number; readonly p: number } | null;
  /** [methods × methods] Nemenyi's p of each pair, row by row; empty where there is no Friedman test. */
  readonly nemenyi: readonly number[];
}

/**
 * Friedman's test over blocks (data sets) and Nemenyi's comparison of all pairs after it. Within a block the method of
 * largest score has rank 1, equal ones share their mean rank.
 *
 *     χ² = 12/(N k (k+1)) · Σ_j R_j² − 3 N (k+1),  R_j the rank sums, over 1 − Σ(t³ − t)/(N (k³ − k)) for ties
 *     p_ij = P(Q ≥ |R̄_i − R̄_j| / √(k (k+1)/(6 N)) · √2),  Q the studentised range of k and infinite degrees of freedom
 *
 * Both are approximations that need about ten blocks; fewer are told by `blocks`.
 * Source: Friedman 1937 (doi:10.1080/01621459.1937.10503522); Demšar 2006 (JMLR 7:1).
 *
 * @param scores [blocks][methods]; larger is better; every block complete
 */
export function compareByRanks(scores: readonly (readonly number[])[]): RankComparison {
  const blocks = scores.length;
  const k = scores[0]?.length ?? 0;
  const ranks = scores.map((block) => meanRanks(block.map((score) => -score)));
  const meanRank = Array.from({ length: k }, (_, j) => ranks.reduce((sum, r) => sum + r[j]!, 0) / Math.max(blocks, 1));
  const ties = scores.reduce((sum, block) => sum + tieTerm(block), 0);
  const correction = 1 - ties / (blocks * (k ** 3 - k));
  if (blocks < 2 || k < 2 || !(correction > 0)) return { blocks, meanRank, friedman: null, nemenyi: [] };
  const squares = meanRank.reduce((sum, rank) => sum + (blocks * rank) ** 2, 0);
  const chiSquare = ((12 / (blocks * k * (k + 1))) * squares - 3 * blocks * (k + 1)) / correction;
  const spread = Math.sqrt((k * (k + 1)) / (6 * blocks));
  return {
    blocks,
    meanRank,
    friedman: { chiSquare, degrees: k - 1, p: chiSquareAbove(chiSquare, k - 1) },
    nemenyi: meanRank.flatMap((a) =>
      meanRank.map((b) => studentisedRangeAbove((Math.abs(a - b) / spread) * Math.SQRT2, k)),
    ),
  };
}

function tieTerm(block: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const score of block) counts.set(score, (counts.get(score) ?? 0) + 1);
  return [...counts.values()].reduce((sum, t) => sum + t ** 3 - t, 0);
}

/** P(χ² ≥ x) for whole degrees of freedom, by the recurrence from one or two degrees on. */
export function chiSquareAbove(x: number, degrees: number): number {
  if (x <= 0) return 1;
  const half = x / 2;
  // Q(a, y) with a = degrees/2: Q(a + 1, y) = Q(a, y) + y^a e^−y / Γ(a + 1)
  let a = degrees % 2 === 0 ? 1 : 0.5;
  let above = a === 1 ? Math.exp(-half) : 2 * normalBelow(-Math.sqrt(x));
  let term = a === 1 ? half * Math.exp(-half) : (2 * Math.sqrt(half) * Math.exp(-half)) / Math.sqrt(Math.PI);
  for (; a < degrees / 2; a++) {
    above += term;
    term *= half / (a + 1);
  }
  return Math.min(1, above);
}

/** Steps of the integral. */
const STEPS = 2000;
const REACH = 9;

/**
 * P(range of k standard normals ≥ q) = 1 − k ∫ φ(z) (Φ(z) − Φ(z − q))^(k−1) dz, by Simpson's rule on ±9.
 */
export function studentisedRangeAbove(q: number, k: number): number {
  if (q <= 0) return 1;
  const width = (2 * REACH) / STEPS;
  let sum = 0;
  for (let i = 0; i <= STEPS; i++) {
    const z = -REACH + i * width;
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const weight = i === 0 || i === STEPS ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * density * (normalBelow(z) - normalBelow(z - q)) ** (k - 1);
  }
  return Math.min(1, Math.max(0, 1 - (k * sum * width) / 3));
}
