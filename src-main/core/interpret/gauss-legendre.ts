/** Nodes and weights of a quadrature rule on [0, 1]: ∫ f ≈ Σ weight_i f(node_i). Nodes rise. */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The Gauss–Legendre rule with n nodes on [0, 1], exact for polynomials up to degree 2n − 1.
 *
 * Nodes are the roots of the Legendre polynomial P_n, found by Newton's method from the estimate cos(π(i − ¼)/(n + ½));
 * weights are 2 / ((1 − x²) P′_n(x)²). Source: Abramowitz & Stegun 1964, 25.4.29 and 22.16.6.
 */
export function gaussLegendre(n: number): Quadrature {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    for (let round = 0; round < 100; round++) {
      const { value, slope } = legendre(n, x);
      const change = value / slope;
      x -= change;
      if (Math.abs(change) < 1e-16) break;
    }
    const { slope } = legendre(n, x);
    nodes[i] = (1 + x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope); // halved, because the interval has length 1
  }
  return { nodes, weights };
}

/** P_n(x) by the three-term recurrence, and P′_n(x). */
function legendre(n: number, x: number): { value: number; slope: number } {
  let before = 1;
  let value = x;
  for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  if (n === 0) return { value: 1, slope: 0 };
  return { value, slope: (n * (x * value - before)) / (x * x - 1) };
}
