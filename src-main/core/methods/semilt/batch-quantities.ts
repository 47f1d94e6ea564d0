/** What the labels of a reference batch say about how strongly each term of SemiLT counts. */
export interface BatchQuantities {
  /** [present] label numbers that occur in the batch, rising. */
  readonly types: Int32Array;
  /** [n] place of each cell's label in `types` */
  readonly group: Int32Array;
  /** [present] cells of each */
  readonly counts: Int32Array;
  /** [present] 1 for a label with fewer than 3 % of the batch */
  readonly rare: Uint8Array;
  /** ρ, the share of the batch with such labels */
  readonly rareShare: number;
  /** R */
  readonly rounded: number;
  /** w₁ of separation (and, as 1 − w₁, of spread), w₂ of correlation, w₃ of size */
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;
}

export interface QuantityOptions {
  /** K: how many labels count; null takes those present in the batch, as the released code does. */
  readonly labels: number | null;
  /**
   * Whether R is at least 1 and w₁ at most 1. Without it five labels or fewer switch separation and correlation off, and
   * many rare labels turn the spread term around, so that cells fall together without end.
   */
  readonly bounded: boolean;
}

const RARE_SHARE = 0.03;

/**
 * R = K/10 rounded (halves to the even number), w₁ = R(ρ + 0.01), w₂ = R, w₃ = 2/K.
 *
 * Source: SemiLT (Adv Sci 2025), training details: K is the number of labels of the reference there and of the batch in the
 * released code.
 *
 * @param label [n] number of each cell's label
 */
export function batchQuantities(label: Int32Array, options: QuantityOptions): BatchQuantities {
  const types = Int32Array.from(new Set(label)).sort();
  const placeOf = new Map(Array.from(types, (type, place) => [type, place] as const));
  const group = label.map((type) => placeOf.get(type)!);
  const counts = new Int32Array(types.length);
  for (const place of group) counts[place]!++;
  const rare = Uint8Array.from(counts, (count) => (count < RARE_SHARE * label.length ? 1 : 0));
  const rareCells = counts.reduce((sum, count, place) => sum + (rare[place] === 1 ? count : 0), 0);
  const rareShare = rareCells / label.length;
  const K = options.labels ?? types.length;
  const rounded = options.bounded ? Math.max(1, roundHalfEven(K / 10)) : roundHalfEven(K / 10);
  const w1 = rounded * (rareShare + 0.01);
  return {
    types,
    group,
    counts,
    rare,
    rareShare,
    rounded,
    w1: options.bounded ? Math.min(w1, 1) : w1,
    w2: rounded,
    w3: 2 / K,
  };
}

/** The nearest whole number; halves go to the even one, as in Python. */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
