/**
 * Gaussian kernel density of numbers at equal steps over `range`: Σ_i φ((t − v_i)/h)/(n·h), bandwidth by Silverman's rule
 * h = 0.9·min(s, IQR/1.34)·n^(−1/5) (Silverman 1986, eq. 3.31), at least 1/60 of the range so that equal values give a narrow
 * hump instead of a spike without width. Values are first shared between the two nearest of 512 bins, so time grows
 * with the number of values plus a constant.
 *
 * @param values at least one, inside the range
 * @param range low < high
 * @returns [places] rising, and the density there
 */
export function kernelDensity(
  values: readonly number[],
  range: readonly [number, number],
  places = 80,
): { readonly at: number[]; readonly density: number[] } {
  const [low, high] = range;
  const width = high - low;
  if (!(width > 0) || values.length === 0) {
    throw new RangeError(`kernelDensity: ${values.length} values over [${low}, ${high}]`);
  }
  const bins = 512;
  const weights = new Float64Array(bins + 1);
  for (const value of values) {
    const place = ((value - low) / width) * bins;
    const left = Math.min(bins - 1, Math.max(0, Math.floor(place)));
    weights[left]! += left + 1 - place;
    weights[left + 1]! += place - left;
  }
  const h = Math.max(width / 60, silverman(values));
  const at = Array.from({ length: places }, (_, i) => low + (width * i) / (places - 1));
  const density = at.map((t) => {
    let sum = 0;
    for (let bin = 0; bin <= bins; bin++) {
      if (weights[bin]! === 0) continue;
      const z = (t - low - (width * bin) / bins) / h;
      sum += weights[bin]! * Math.exp(-0.5 * z * z);
    }
    return sum / (values.length * h * Math.sqrt(2 * Math.PI));
  });
  return { at, density };
}

/** Value below which a share of sorted numbers lies, by linear interpolation between neighbours. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

function silverman(values: readonly number[]): number {
  const n = values.length;
  if (n < 2) return 0;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const sorted = values.toSorted((a, b) => a - b);
  const spread = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.34;
  // Where most values are equal (many zeros) the quartiles say nothing of the rest.
  return 0.9 * (spread > 0 ? Math.min(deviation, spread) : deviation) * n ** -0.2;
}
