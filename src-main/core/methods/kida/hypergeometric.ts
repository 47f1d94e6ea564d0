/**
 * ln P(X ≥ hits) where X counts the marked ones among `drawn` drawn without replacement from `all`, of which `marked` are marked.
 * Terms are added on the log scale, so that very small probabilities keep their order.
 *
 * @returns ≤ 0; 0 for hits ≤ 0, −∞ where so many hits are impossible
 */
export function logHypergeometricTail(hits: number, drawn: number, marked: number, all: number): number {
  const most = Math.min(drawn, marked);
  const least = Math.max(0, drawn + marked - all);
  if (hits <= least) return 0;
  if (hits > most) return -Infinity;
  let term = logChoose(marked, hits) + logChoose(all - marked, drawn - hits) - logChoose(all, drawn);
  let sum = term;
  for (let k = hits; k < most; k++) {
    term += Math.log(((marked - k) * (drawn - k)) / ((k + 1) * (all - marked - drawn + k + 1)));
    sum = Math.max(sum, term) + Math.log1p(Math.exp(-Math.abs(sum - term)));
  }
  return Math.min(0, sum);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const known = [0, 0];

/** ln n!, summed once for every n that is asked for. */
function logFactorial(n: number): number {
  for (let i = known.length; i <= n; i++) known.push(known[i - 1]! + Math.log(i));
  return known[n]!;
}
