/** Four float32 at once: the few operations that AssemblyScript does not have by itself. */

/** a·b + c, rounded once. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}

/** The sum of the four lanes, pairwise. */
@inline
export function sumOfLanes(x: v128): f32 {
  const a = f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 2);
  const b = f32x4.extract_lane(x, 1) + f32x4.extract_lane(x, 3);
  return a + b;
}

/** The sums of the four lanes of four registers, each as `sumOfLanes`. */
@inline
export function sumsOfLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}

/** 1 where x > 0, −1 where x < 0, 0 at 0. */
@inline
export function signOf(x: v128): v128 {
  const zero = f32x4.splat(0);
  const up = v128.and(f32x4.gt(x, zero), f32x4.splat(1));
  const down = v128.and(f32x4.lt(x, zero), f32x4.splat(-1));
  return v128.or(up, down);
}

/**
 * eˣ to about one unit in the last place; x below −87 gives about 10⁻³⁸, x above 88 about 10³⁸.
 * Range reduction by ln 2 and a polynomial of degree 5, as in the Cephes library (S. L. Moshier, `expf`).
 */
@inline
export function expOf(x: v128): v128 {
  const limited = f32x4.min(f32x4.max(x, f32x4.splat(-87)), f32x4.splat(88));
  // a number this large has no bits after the point: adding it rounds, to even at one half, and leaves n in the lowest bits
  const large = f32x4.splat(12582912);
  const rounded = f32x4.add(f32x4.mul(limited, f32x4.splat(1.44269504088896341)), large);
  const n = f32x4.sub(rounded, large);
  let r = multiplyAdd(n, f32x4.splat(-0.693359375), limited);
  r = multiplyAdd(n, f32x4.splat(2.12194440e-4), r);
  let p = f32x4.splat(1.9875691500e-4);
  p = multiplyAdd(p, r, f32x4.splat(1.3981999507e-3));
  p = multiplyAdd(p, r, f32x4.splat(8.3334519073e-3));
  p = multiplyAdd(p, r, f32x4.splat(4.1665795894e-2));
  p = multiplyAdd(p, r, f32x4.splat(1.6666665459e-1));
  p = multiplyAdd(p, r, f32x4.splat(5.0000001201e-1));
  const y = multiplyAdd(p, f32x4.mul(r, r), f32x4.add(r, f32x4.splat(1)));
  const power = i32x4.shl(i32x4.add(rounded, i32x4.splat(127)), 23);
  return f32x4.mul(y, power);
}

/** tanh x = 1 − 2/(e²ˣ + 1) */
@inline
export function tanhOf(x: v128): v128 {
  const one = f32x4.splat(1);
  const e = expOf(f32x4.add(x, x));
  return f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
}

/** σ(x) = 1/(1 + e⁻ˣ) */
@inline
export function sigmoidOf(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, expOf(f32x4.neg(x))));
}

/** Eight registers side by side: 32 numbers from `at` on. */
@inline
export function storeEight(
  at: u32,
  s0: v128,
  s1: v128,
  s2: v128,
  s3: v128,
  s4: v128,
  s5: v128,
  s6: v128,
  s7: v128,
): void {
  v128.store(at, s0);
  v128.store(at, s1, 16);
  v128.store(at, s2, 32);
  v128.store(at, s3, 48);
  v128.store(at, s4, 64);
  v128.store(at, s5, 80);
  v128.store(at, s6, 96);
  v128.store(at, s7, 112);
}
