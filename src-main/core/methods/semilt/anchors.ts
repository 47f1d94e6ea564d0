import type { BatchQuantities } from './batch-quantities.ts';
import { cosines } from './cosine.ts';

/**
 * Neighbours of each query cell within the batch, in the space of its own measurement: of the `most` cells of highest cosine
 * (itself left out, of equals the earlier one) those with a cosine of at least `lowest`; rising cell numbers.
 *
 * Source: SemiLT (Adv Sci 2025); that the search stays within the batch, `most` (cells of the batch's rarest label) and the
 * threshold 0.8 are those of the released code.
 *
 * @param space [n, width] row by row
 */
export function batchNeighbours(
  space: ArrayLike<number>,
  width: number,
  most: number,
  lowest: number,
): readonly Int32Array[] {
  const n = space.length / width;
  const cosine = cosines(space, space, width);
  return Array.from({ length: n }, (_, i) => {
    const near = Int32Array.from({ length: n }, (_, j) => j)
      .filter((j) => j !== i && cosine[i * n + j]! >= lowest)
      .sort((a, b) => cosine[i * n + b]! - cosine[i * n + a]! || a - b);
    return near.slice(0, most).sort();
  });
}

export const NO_ANCHOR = 0;
export const HIGH = 1;
export const LOW = 2;

/** Which reference cell and label each query cell of the batch is drawn to; constants of the loss. */
export interface Anchors {
  /** [n] NO_ANCHOR, HIGH or LOW */
  readonly kind: Uint8Array;
  /** [n] row of the reference batch; −1 without an anchor */
  readonly partner: Int32Array;
  /** [n] place of the partner's label among those present; −1 without an anchor */
  readonly type: Int32Array;
}

/**
 * Anchors from the current embeddings.
 *
 * High: the most similar reference cell j of query cell i, where i is also among the max(2, cells of the rarest label) query
 * cells most similar to j and their cosine exceeds `lowest`. Low: a neighbour of a high anchor i that is none itself and
 * whose most similar label centre is the label of i's partner gets the partner of i; of several such i the first one counts.
 *
 * Source: SemiLT (Adv Sci 2025), multi-anchor batch correction; the threshold (0.5) is in the released code only.
 *
 * @param reference [n′, width] embeddings row by row  @param query [n, width]
 */
export function chooseAnchors(
  reference: ArrayLike<number>,
  query: ArrayLike<number>,
  width: number,
  { group, counts }: Pick<BatchQuantities, 'group' | 'counts'>,
  neighbours: readonly Int32Array[],
  lowest: number,
): Anchors {
  const [n, references] = [query.length / width, group.length];
  const cosine = cosines(query, reference, width);
  const mutual = Math.max(2, Math.min(...counts));
  const anchors: Anchors = {
    kind: new Uint8Array(n),
    partner: new Int32Array(n).fill(-1),
    type: new Int32Array(n).fill(-1),
  };
  for (let i = 0; i < n; i++) {
    let best = 0;
    for (let j = 1; j < references; j++) if (cosine[i * references + j]! > cosine[i * references + best]!) best = j;
    const value = cosine[i * references + best]!;
    if (!(value > lowest)) continue;
    let before = 0; // query cells more similar to it
    for (let other = 0; other < n; other++) {
      const theirs = cosine[other * references + best]!;
      if (theirs > value || (theirs === value && other < i)) before++;
    }
    if (before < mutual) set(anchors, i, HIGH, best, group[best]!);
  }
  const centre = nearestCentres(reference, query, width, group, counts.length);
  for (let i = 0; i < n; i++) {
    if (anchors.kind[i] !== HIGH) continue;
    for (const q of neighbours[i]!) {
      if (anchors.kind[q] === NO_ANCHOR && centre[q] === anchors.type[i])
        set(anchors, q, LOW, anchors.partner[i]!, anchors.type[i]!);
    }
  }
  return anchors;
}

function set(anchors: Anchors, cell: number, kind: number, partner: number, type: number): void {
  anchors.kind[cell] = kind;
  anchors.partner[cell] = partner;
  anchors.type[cell] = type;
}

/** The label whose mean embedding is most similar to each query cell, the first of equals: [n]. */
function nearestCentres(
  reference: ArrayLike<number>,
  query: ArrayLike<number>,
  width: number,
  group: Int32Array,
  types: number,
): Int32Array {
  const sums = new Float64Array(types * width); // a sum points where the mean does
  group.forEach((type, row) => {
    for (let d = 0; d < width; d++) sums[type * width + d]! += reference[row * width + d]!;
  });
  const cosine = cosines(query, sums, width);
  return Int32Array.from({ length: query.length / width }, (_, i) => {
    let best = 0;
    for (let t = 1; t < types; t++) if (cosine[i * types + t]! > cosine[i * types + best]!) best = t;
    return best;
  });
}
