/** A sample as far as its mean goes. */
export interface Sample {
  readonly cells: number;
  readonly mean: number;
  /** Unbiased. */
  readonly variance: number;
}

/**
 * Welch's t of two samples, (m₁ − m₂)/√(s₁²/n₁ + s₂²/n₂), and its two-sided p by Student's distribution with the degrees of freedom
 * of Welch and Satterthwaite. Two samples without any spread have t ±∞ and p 0, or 0 and 1 where their means are equal too.
 * A sample of fewer than two cells has no spread to speak of: t 0 and p 1.
 *
 * Source: Welch 1947 (doi:10.1093/biomet/34.1-2.28).
 */
export function welch(a: Sample, b: Sample): { t: number; p: number } {
  if (a.cells < 2 || b.cells < 2) return { t: 0, p: 1 };
  const [va, vb] = [a.variance / a.cells, b.variance / b.cells];
  const difference = a.mean - b.mean;
  if (difference === 0) return { t: 0, p: 1 };
  if (va + vb === 0) return { t: difference > 0 ? Infinity : -Infinity, p: 0 };
  const t = difference / Math.sqrt(va + vb);
  const freedom = (va + vb) ** 2 / (va ** 2 / (a.cells - 1) + vb ** 2 / (b.cells - 1));
  return { t, p: incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) };
}

/**
 * p-values adjusted for how many there are (Benjamini & Hochberg 1995): the smallest of p·m/rank over those that are as large or
 * larger, at most 1. In the order given.
 */
export function adjusted(p: Float64Array): Float64Array {
  const order = Int32Array.from(p.keys()).sort((a, b) => p[b]! - p[a]!); // the largest first
  const out = new Float64Array(p.length);
  let least = 1;
  order.forEach((place, i) => {
    const raised = (p[place]! * p.length) / (p.length - i);
    least = Math.min(least, Math.max(p[place]!, raised)); // rounding must not take anything away
    out[place] = least;
  });
  return out;
}

/** The regularised incomplete beta function I_x(a, b) for 0 ≤ x ≤ 1, by its continued fraction (Lentz). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return Math.min(1, front * fraction);
}

function nonZero(value: number, least: number): number {
  return Math.abs(value) < least ? least : value;
}

/** Coefficients of Lanczos' approximation (g = 7, n = 9). */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** ln Γ(x) for x ≥ 0.5, by Lanczos' approximation. */
function logGamma(x: number): number {
  const z = x - 1;
  const base = z + 7.5;
  const series = LANCZOS.reduce((sum, coefficient, i) => (i === 0 ? coefficient : sum + coefficient / (z + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(base) - base + Math.log(series);
}
