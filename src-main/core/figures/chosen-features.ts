import type { DeterminantFeature } from '../interpret/determinant-feature.ts';

/** A determinant feature to draw, with its column and the label it stands for. */
export interface ChosenFeature {
  readonly feature: string;
  /** Column of the matrix. */
  readonly column: number;
  /** Place of its label in `labels`. */
  readonly label: number;
}

/**
 * The `perLabel` best determinant features of each label, labels in order, best first. A feature that several labels
 * share is drawn once, for the label in which it ranks best (the earlier label when equal); the others go on to their next.
 * Features that the matrix does not have are left out.
 */
export function chosenFeatures(
  markers: readonly Pick<DeterminantFeature, 'label' | 'feature' | 'rank'>[],
  labels: readonly string[],
  features: readonly string[],
  perLabel: number,
): ChosenFeature[] {
  const column = new Map(features.map((name, place) => [name, place]));
  const label = new Map(labels.map((name, place) => [name, place]));
  const candidates = markers
    .flatMap(({ feature, label: name, rank }) => {
      const at = column.get(feature);
      const own = label.get(name);
      return at === undefined || own === undefined ? [] : [{ feature, column: at, label: own, rank }];
    })
    .sort((a, b) => a.rank - b.rank || a.label - b.label);
  const taken = new Set<string>();
  const perLabelCount = new Int32Array(labels.length);
  const chosen = candidates.filter(({ feature, label: own }) => {
    if (taken.has(feature) || perLabelCount[own]! >= perLabel) return false;
    taken.add(feature);
    perLabelCount[own]!++;
    return true;
  });
  return chosen
    .sort((a, b) => a.label - b.label || a.rank - b.rank)
    .map(({ feature, column: at, label: own }) => ({ feature, column: at, label: own }));
}
