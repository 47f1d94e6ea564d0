import type { Random } from '../../base/random.ts';

/** Query cells that the student learns from. */
export interface Anchors {
  /** Rising */
  readonly rows: Int32Array;
  /** [labels] how many anchors were predicted as each */
  readonly perLabel: Int32Array;
}

/**
 * The cells of which the teacher is surest: within each predicted label those whose entropy −Σ_k p_k ln p_k does not exceed the
 * `share`-quantile (linear between order statistics) of that label's entropies. Where equal entropies make them more than
 * ⌈share·n⌉ of the n cells, so many of those with the largest entropy are drawn as there is room for.
 *
 * Source: KIDA (Commun Biol 2024), anchors: share 0.4.
 *
 * @param probabilities [cells, labels] row by row  @param predicted [cells]
 */
export function chooseAnchors(
  probabilities: Float32Array,
  predicted: Int32Array,
  labels: number,
  share: number,
  random: Random,
): Anchors {
  const entropy = entropies(probabilities, labels);
  const perLabel = new Int32Array(labels);
  const rows: number[] = [];
  for (let k = 0; k < labels; k++) {
    const cells = Int32Array.from(predicted.keys()).filter((cell) => predicted[cell] === k);
    if (cells.length === 0) continue;
    const limit = quantile(Float64Array.from(cells, (cell) => entropy[cell]!).sort(), share);
    const surer = cells.filter((cell) => entropy[cell]! < limit);
    const equal = cells.filter((cell) => entropy[cell]! === limit);
    const room = Math.max(1, Math.ceil(share * cells.length)) - surer.length;
    const drawn = equal.length > room ? random.sample(equal.length, room).map((place) => equal[place]!) : equal;
    const kept = [...surer, ...drawn];
    perLabel[k] = kept.length;
    rows.push(...kept);
  }
  return { rows: Int32Array.from(rows).sort(), perLabel };
}

/** −Σ_k p_k ln p_k of each row, 0 for p = 0. */
export function entropies(probabilities: Float32Array, labels: number): Float64Array {
  return Float64Array.from({ length: probabilities.length / labels }, (_, row) => {
    let sum = 0;
    for (let k = 0; k < labels; k++) {
      const p = probabilities[row * labels + k]!;
      if (p > 0) sum -= p * Math.log(p);
    }
    return sum;
  });
}

/** The quantile of rising values, linear between neighbours. */
function quantile(rising: Float64Array, share: number): number {
  const at = share * (rising.length - 1);
  const below = Math.floor(at);
  const low = rising[below]!;
  const high = rising[Math.min(rising.length - 1, below + 1)]!;
  return low + (high - low) * (at - below);
}
