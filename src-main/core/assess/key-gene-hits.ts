/** How many markers of a label are among its determinant features. */
export interface KeyGeneHits {
  readonly label: string;
  /** |D|, |M| and |D ∩ M|; markers that are no features of the model are left out of M. */
  readonly determinants: number;
  readonly markers: number;
  readonly hits: number;
  /** |D ∩ M| / |M|; null when no marker is a feature. */
  readonly rate: number | null;
  /** Hits that |D| randomly chosen features would make on average: |M|·|D|/G. */
  readonly expectedHits: number;
  readonly expectedRate: number | null;
}

/**
 * Key gene hit rate of every label that has determinant features: KGHR = |D ∩ M| / |M|, with what random features
 * would reach beside it. The papers name the measure without defining it; this definition is ours.
 *
 * @param features names the model knows (G of them)
 * @param determinants label → its determinant features
 * @param markers label → its markers, e.g. of `topDifferentialFeatures` or a list of the user's
 */
export function keyGeneHits(
  features: readonly string[],
  determinants: ReadonlyMap<string, readonly string[]>,
  markers: ReadonlyMap<string, readonly string[]>,
): KeyGeneHits[] {
  const known = new Set(features);
  return [...determinants].map(([label, list]) => {
    const chosen = new Set(list.filter((feature) => known.has(feature)));
    const wanted = new Set((markers.get(label) ?? []).filter((feature) => known.has(feature)));
    const hits = [...wanted].filter((feature) => chosen.has(feature)).length;
    const expectedHits = known.size === 0 ? 0 : (wanted.size * chosen.size) / known.size;
    return {
      label,
      determinants: chosen.size,
      markers: wanted.size,
      hits,
      rate: wanted.size === 0 ? null : hits / wanted.size,
      expectedHits,
      expectedRate: wanted.size === 0 ? null : expectedHits / wanted.size,
    };
  });
}

/** Mean rate over the labels that have one; null if none has. */
export function meanHitRate(hits: readonly KeyGeneHits[]): number | null {
  const rates = hits.flatMap((label) => (label.rate === null ? [] : [label.rate]));
  return rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}
