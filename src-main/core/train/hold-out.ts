import type { Random } from '../base/random.ts';

/** Labels with fewer cells stay in training as a whole. */
const FEWEST = 5;

/**
 * The cells of the reference split in two, label by label: of a label with at least 5 cells the rounded share (at least one,
 * never all) is held out. Row numbers rise.
 *
 * @param label [rows] number of each row's label  @param share 0…1
 */
export function splitByLabel(
  label: Int32Array,
  share: number,
  random: Random,
): { readonly training: Int32Array; readonly heldOut: Int32Array } {
  const rowsOf = new Map<number, number[]>();
  label.forEach((k, row) => {
    const rows = rowsOf.get(k);
    if (rows === undefined) rowsOf.set(k, [row]);
    else rows.push(row);
  });
  const out = new Uint8Array(label.length);
  if (share > 0) {
    for (const k of [...rowsOf.keys()].sort((a, b) => a - b)) {
      const rows = rowsOf.get(k)!;
      if (rows.length < FEWEST) continue;
      const count = Math.min(rows.length - 1, Math.max(1, Math.round(share * rows.length)));
      for (const place of random.sample(rows.length, count)) out[rows[place]!] = 1;
    }
  }
  const rows = Int32Array.from(label.keys());
  return { training: rows.filter((row) => out[row] === 0), heldOut: rows.filter((row) => out[row] === 1) };
}

/**
 * Mean over the labels that occur of F1 = 2·hits/(cells with the label + cells given it): 0…1; 0 without cells.
 *
 * @param predicted [cells]  @param label [cells]  both label numbers below K
 */
export function macroF1(predicted: Int32Array, label: Int32Array, K: number): number {
  const [hits, given, known] = [new Float64Array(K), new Float64Array(K), new Float64Array(K)];
  label.forEach((k, cell) => {
    known[k]!++;
    given[predicted[cell]!]!++;
    if (predicted[cell] === k) hits[k]!++;
  });
  let sum = 0;
  let labels = 0;
  for (let k = 0; k < K; k++) {
    if (known[k] === 0) continue;
    labels++;
    sum += (2 * hits[k]!) / (known[k]! + given[k]!);
  }
  return labels === 0 ? 0 : sum / labels;
}

/** The most probable label of each row, the first of equals: [rows]. @param probabilities [rows, labels] row by row */
export function likeliest(probabilities: Float32Array, labels: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / labels }, (_, row) => {
    let best = 0;
    for (let k = 1; k < labels; k++) {
      if (probabilities[row * labels + k]! > probabilities[row * labels + best]!) best = k;
    }
    return best;
  });
}
