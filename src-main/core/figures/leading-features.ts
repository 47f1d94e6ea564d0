import { DifferentialTally } from '../assess/top-differential-features.ts';
import type { CancelSignal } from '../base/cancel.ts';
import { blocksOf, mapRows, type SparseRows } from '../data/sparse-rows.ts';
import type { DeterminantFeature } from '../interpret/determinant-feature.ts';
import { lognorm } from '../prepare/lognorm.ts';
import { chosenFeatures, type ChosenFeature } from './chosen-features.ts';
import { areWholeCounts } from './feature-values.ts';

/** The features that stand for each label, and where they come from. */
export interface LeadingFeatures {
  /** "determinant feature", or "reference marker" where the method names no deciding features. */
  readonly called: string;
  choose(perLabel: number): ChosenFeature[];
}

/**
 * The determinant features of the labels; for a method that names none, the features whose values are highest in the reference cells
 * of a label against all others (Welch's t on log-normalised values, see `DifferentialTally`).
 */
export async function leadingFeatures(
  markers: readonly DeterminantFeature[],
  pair: {
    readonly features: readonly string[];
    readonly labels: readonly string[];
    readonly reference: { readonly counts: SparseRows; readonly label: ArrayLike<number> };
  },
  signal?: CancelSignal,
): Promise<LeadingFeatures> {
  const { features, labels, reference } = pair;
  if (markers.length > 0) {
    return {
      called: 'determinant feature',
      choose: (perLabel) => chosenFeatures(markers, labels, features, perLabel),
    };
  }
  const { counts, label } = reference;
  const level = (await areWholeCounts(counts)) ? mapRows(counts, counts.columns, (block) => lognorm(block)) : counts;
  const tally = new DifferentialTally(labels.length, counts.columns);
  for await (const { from, matrix } of blocksOf(level, signal)) tally.add(matrix, label, from);
  const ranked = tally
    .top(40)
    .flatMap((columns, own) =>
      columns.map((column, i) => ({ label: labels[own]!, rank: i + 1, feature: features[column]! })),
    );
  return {
    called: 'reference marker',
    choose: (perLabel) => chosenFeatures(ranked, labels, features, perLabel),
  };
}
