/** A function to be made small: gives its value and writes its gradient. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number | Promise<number>;

export interface MinimiseOptions {
  readonly iterations: number;
  /** Ends when the next step promises to lower the value by no more than this share of it. */
  readonly tolerance: number;
  /** [n] about the curvature along each entry, all above 0: steps begin in proportion to its inverse. Without it all are 1. */
  readonly curvature?: Float64Array | undefined;
  /** Called and waited for after each iteration; `expected` guesses how many there will be. */
  readonly told?: ((iteration: number, value: number, expected: number) => void | Promise<void>) | undefined;
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
const HALVINGS = 20;

/**
 * Minimises a smooth convex function from `start` by limited-memory BFGS with a halving line search
 * (Nocedal & Wright, Numerical Optimization, algorithms 7.4 and 3.1). The first guess of the inverse Hessian is diagonal. Ends
 * early when the step promises too little (half of −gradient·direction, about what lies between the value and the least one), or
 * when no step along the direction makes the value smaller, which is rounding. The value never rises.
 */
export async function minimise(objective: Objective, start: Float64Array, options: MinimiseOptions): Promise<Minimum> {
  const n = start.length;
  const inverse = options.curvature?.map((c) => 1 / c) ?? new Float64Array(n).fill(1);
  let x = start.slice();
  let gradient = new Float64Array(n);
  let value = await objective(x, gradient);
  const pairs: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  let iteration = 0;
  let firstPromise: number | null = null;
  while (iteration < options.iterations) {
    const direction = twoLoop(gradient, pairs, inverse);
    const slope = dot(direction, gradient);
    if (-slope / 2 <= options.tolerance * Math.abs(value)) return { x, value, iterations: iteration, converged: true };
    const promise = -slope / 2 / Math.abs(value);
    firstPromise ??= promise;
    let step = pairs.length === 0 && options.curvature === undefined ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
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
    const share = Math.log(firstPromise / promise) / Math.log(firstPromise / options.tolerance);
    await options.told?.(iteration, value, expectedIterations(iteration, share, options.iterations));
  }
  return { x, value, iterations: iteration, converged: false };
}

/**
 * How many iterations there will be, if what a step promises goes on to fall as it has, by the same share at each.
 *
 * @param share how far it has fallen from its first value to the tolerance, in logarithms; of little the guess would be wild
 */
function expectedIterations(done: number, share: number, most: number): number {
  return Math.max(done, Math.min(most, Math.ceil(done / Math.max(LEAST_SHARE, share || 0))));
}
const LEAST_SHARE = 0.05;

/** −H·gradient, with H from the last steps and, before them, the inverse of the curvature. */
function twoLoop(
  gradient: Float64Array,
  pairs: readonly { s: Float64Array; y: Float64Array; rho: number }[],
  inverse: Float64Array,
): Float64Array {
  const q = gradient.map((g) => -g);
  const share: number[] = [];
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { s, y, rho } = pairs[i]!;
    share[i] = rho * dot(s, q);
    for (let j = 0; j < q.length; j++) q[j]! -= share[i]! * y[j]!;
  }
  const last = pairs.at(-1);
  let scale = 1;
  if (last !== undefined) {
    let length = 0;
    for (let j = 0; j < q.length; j++) length += last.y[j]! * last.y[j]! * inverse[j]!;
    scale = 1 / (last.rho * length);
  }
  for (let j = 0; j < q.length; j++) q[j]! *= scale * inverse[j]!;
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
