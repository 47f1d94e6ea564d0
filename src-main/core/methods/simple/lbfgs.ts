/** A function to be made small: gives its value and writes its gradient. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number | Promise<number>;

export interface MinimiseOptions {
  readonly iterations: number;
  /** Ends when no entry of the gradient is larger. */
  readonly tolerance: number;
  /** Called and waited for after each iteration. */
  readonly told?: ((iteration: number, value: number) => void | Promise<void>) | undefined;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly converged: boolean;
}

const MEMORY = 10;
/** Share of the promised decrease that a step must bring (Armijo). */
const ENOUGH = 1e-4;
const HALVINGS = 40;

/**
 * Minimises a smooth convex function from `start` by limited-memory BFGS with a halving line search
 * (Nocedal & Wright, Numerical Optimization, algorithms 7.4 and 3.1). Ends early when the gradient is small, or when no step
 * along the direction makes the value smaller, which is rounding. The value never rises.
 */
export async function minimise(objective: Objective, start: Float64Array, options: MinimiseOptions): Promise<Minimum> {
  const n = start.length;
  let x = start.slice();
  let gradient = new Float64Array(n);
  let value = await objective(x, gradient);
  const pairs: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  let iteration = 0;
  while (iteration < options.iterations) {
    if (largest(gradient) <= options.tolerance) return { x, value, iterations: iteration, converged: true };
    const direction = twoLoop(gradient, pairs);
    const slope = dot(direction, gradient);
    let step = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const next = new Float64Array(n);
    const nextGradient = new Float64Array(n);
    let nextValue = Infinity;
    for (let halving = 0; halving < HALVINGS; halving++, step /= 2) {
      for (let i = 0; i < n; i++) next[i] = x[i]! + step * direction[i]!;
      nextValue = await objective(next, nextGradient);
      if (nextValue <= value + ENOUGH * step * slope) break;
    }
    if (!(nextValue < value)) return { x, value, iterations: iteration, converged: true };
    const [s, y] = [new Float64Array(n), new Float64Array(n)];
    for (let i = 0; i < n; i++) {
      s[i] = next[i]! - x[i]!;
      y[i] = nextGradient[i]! - gradient[i]!;
    }
    const curvature = dot(s, y);
    if (curvature > 1e-12 * dot(y, y)) pairs.push({ s, y, rho: 1 / curvature });
    if (pairs.length > MEMORY) pairs.shift();
    [x, gradient, value] = [next, nextGradient, nextValue];
    iteration++;
    await options.told?.(iteration, value);
  }
  return { x, value, iterations: iteration, converged: largest(gradient) <= options.tolerance };
}

/** −H·gradient, with H from the last steps. */
function twoLoop(
  gradient: Float64Array,
  pairs: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = gradient.map((g) => -g);
  const share: number[] = [];
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { s, y, rho } = pairs[i]!;
    share[i] = rho * dot(s, q);
    for (let j = 0; j < q.length; j++) q[j]! -= share[i]! * y[j]!;
  }
  const last = pairs.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let j = 0; j < q.length; j++) q[j]! *= scale;
  }
  pairs.forEach(({ s, y, rho }, i) => {
    const by = share[i]! - rho * dot(y, q);
    for (let j = 0; j < q.length; j++) q[j]! += by * s[j]!;
  });
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
