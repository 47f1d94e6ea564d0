import type { Random } from '../base/random.ts';

/**
 * A negative-binomial count with the given mean and variance mean + dispersion·mean²: a Poisson count whose rate is
 * itself gamma distributed (shape 1/dispersion, scale mean·dispersion). Dispersion 0 gives a Poisson count.
 *
 * @param mean ≥ 0
 * @param dispersion φ ≥ 0
 */
export function drawNegativeBinomial(random: Random, mean: number, dispersion: number): number {
  if (dispersion === 0) return drawPoisson(random, mean);
  return drawPoisson(random, drawGamma(random, 1 / dispersion, mean * dispersion));
}

/**
 * A gamma number with mean shape·scale and variance shape·scale².
 * Source: Marsaglia & Tsang 2000 (doi:10.1145/358407.358414), whose boost U^(1/shape) serves shapes below 1.
 *
 * @param shape > 0
 * @param scale ≥ 0
 */
export function drawGamma(random: Random, shape: number, scale: number): number {
  if (!(shape > 0) || !(scale >= 0)) throw new RangeError(`drawGamma: shape ${shape}, scale ${scale}`);
  if (shape < 1) return drawGamma(random, shape + 1, scale) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v * scale;
  }
}

/**
 * A Poisson count: the number of arrivals in a time of `mean`. Up to 30 they are counted one by one (a product of uniforms
 * against e^−mean). Above, the time of the ⌊7/8·mean⌋-th arrival is drawn as a gamma number: if it lies inside, the rest
 * of the time is left to count; if not, the arrivals before it are spread uniformly and a binomial share falls inside.
 * Exact for every mean. Source: Ahrens & Dieter 1974 (doi:10.1007/BF02293108).
 *
 * @param mean ≥ 0, finite
 */
export function drawPoisson(random: Random, mean: number): number {
  if (!(mean >= 0 && mean < Infinity)) throw new RangeError(`drawPoisson: mean ${mean}`);
  let left = mean;
  let count = 0;
  while (left > 30) {
    const arrivals = Math.floor((left * 7) / 8);
    const time = drawGamma(random, arrivals, 1);
    if (time > left) return count + drawBinomial(random, arrivals - 1, left / time);
    left -= time;
    count += arrivals;
  }
  const limit = Math.exp(-left);
  let product = 1 - random.uniform();
  while (product > limit) {
    product *= 1 - random.uniform();
    count++;
  }
  return count;
}

/** Successes among `trials` of the given probability, by trying each. */
function drawBinomial(random: Random, trials: number, probability: number): number {
  let successes = 0;
  for (let i = 0; i < trials; i++) if (random.uniform() < probability) successes++;
  return successes;
}
