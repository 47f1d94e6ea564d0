/** Values nearer than this are ties. */
const TIE = 1e-12;

/**
 * Place of each value when the largest comes first, divided by how many there are: 1/n is best; equal values share their mean
 * place. [n]
 */
export function rankRatios(values: Float64Array): Float64Array {
  const n = values.length;
  const order = Int32Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b);
  const ratios = new Float64Array(n);
  for (let i = 0; i < n;) {
    let j = i;
    while (j + 1 < n && Math.abs(values[order[j + 1]!]! - values[order[i]!]!) < TIE) j++;
    for (let place = i; place <= j; place++) ratios[order[place]!] = ((i + j) / 2 + 1) / n;
    i = j + 1;
  }
  return ratios;
}

/**
 * How surprising it is that independent rankings all put something so far in front: the joint distribution of the order
 * statistics of N uniform numbers, with ρ₁ ≤ … ≤ ρ_N
 *
 *     V_0 = 1,   V_k = Σ_{i=1..k} (−1)^{i−1} V_{k−i} ρ_{N−k+1}^i / i!,   Q = N!·V_N
 *
 * Small is good; ρ = 1/n in all N rankings gives n^−N.
 * Source: Stuart et al. 2003 (doi:10.1126/science.1087447), Aerts et al. 2006 (doi:10.1038/nbt1203); KIDA names the statistic only.
 *
 * @param ratios N numbers in (0, 1], in any order
 */
export function qStatistic(ratios: ArrayLike<number>): number {
  const rising = Float64Array.from(ratios).sort();
  const N = rising.length;
  const V = [1];
  let factorial = 1;
  for (let k = 1; k <= N; k++) {
    factorial *= k;
    let sum = 0;
    let term = 1; // ρ^i / i!
    for (let i = 1; i <= k; i++) {
      term *= rising[N - k]! / i;
      sum += (i % 2 === 1 ? 1 : -1) * V[k - i]! * term;
    }
    V.push(sum);
  }
  return factorial * V[N]!;
}
