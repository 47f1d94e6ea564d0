/** Result of the signed-rank test. */
export interface SignedRank {
  /** Pairs that differ; equal ones say nothing and are left out. */
  readonly pairs: number;
  /** Sum of the ranks of positive differences. */
  readonly positive: number;
  /** Two-sided; null where no pair differs. */
  readonly p: number | null;
  readonly exact: boolean;
}

/** Pairs up to which all 2ⁿ signs are counted. */
const EXACT_UP_TO = 200;

/**
 * Wilcoxon's signed-rank test of paired differences, two-sided. Differences of 0 are left out, equal sizes share their mean rank.
 *
 * Up to 200 pairs p is exact: twice the share of the 2ⁿ ways to give the ranks signs whose positive sum lies at least as far
 * out, counted for the ranks as they are, ties included. Above, the normal approximation with the variance Σ rank²/4.
 * With five pairs the smallest p is 1/16, so no difference can reach 0.05.
 *
 * Source: Wilcoxon 1945 (doi:10.2307/3001968).
 */
export function signedRankTest(differences: readonly number[]): SignedRank {
  const known = differences.filter((d) => d !== 0);
  const n = known.length;
  const ranks = meanRanks(known.map(Math.abs));
  const positive = known.reduce((sum, d, i) => sum + (d > 0 ? ranks[i]! : 0), 0);
  if (n === 0) return { pairs: 0, positive: 0, p: null, exact: true };
  const half = (n * (n + 1)) / 4;
  const low = Math.min(positive, 2 * half - positive);
  if (n > EXACT_UP_TO) {
    const spread = Math.sqrt(ranks.reduce((sum, rank) => sum + rank * rank, 0) / 4);
    return { pairs: n, positive, p: Math.min(1, 2 * normalBelow((low - half) / spread)), exact: false };
  }
  const doubled = ranks.map((rank) => Math.round(2 * rank)); // mean ranks are whole or half
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  const share = new Float64Array(total + 1); // share of the signs whose positive sum is this
  share[0] = 1;
  let reached = 0;
  for (const rank of doubled) {
    reached += rank;
    for (let sum = reached; sum >= 0; sum--) {
      share[sum] = (share[sum]! + (sum >= rank ? share[sum - rank]! : 0)) / 2;
    }
  }
  let below = 0;
  for (let sum = 0; sum <= Math.round(2 * low); sum++) below += share[sum]!;
  return { pairs: n, positive, p: Math.min(1, 2 * below), exact: true };
}

/** Ranks from 1, equal values sharing their mean rank: [values]. */
export function meanRanks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++;
    for (let i = from; i <= to; i++) ranks[order[i]!] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return ranks;
}

/** P(Z ≤ z) of the standard normal, to about 10⁻¹⁵: by the series near 0 and by the continued fraction far out. */
export function normalBelow(z: number): number {
  if (z > 0) return 1 - normalBelow(-z);
  const x = -z;
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let [term, sum] = [x, x];
    for (let k = 1; k < 200 && term > 1e-17 * sum; k++) sum += term *= (x * x) / (2 * k + 1);
    return 0.5 - density * sum;
  }
  let fraction = 0;
  for (let k = 120; k >= 1; k--) fraction = k / (x + fraction);
  return density / (x + fraction);
}
