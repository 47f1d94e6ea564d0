import type { CancelSignal } from '../base/cancel.ts';
import { blocksOf, type SparseRows } from '../data/sparse-rows.ts';
import type { ValueKind } from '../data/study.ts';
import { lognorm } from '../prepare/lognorm.ts';
import { type KeyGeneHits, keyGeneHits } from './key-gene-hits.ts';
import { DifferentialTally } from './top-differential-features.ts';

/** Features of a label that its determinant features are held against. */
const KEY_GENES = 20;

/**
 * Key gene hit rate of each label with determinant features: how many of the 20 features that differ most between the true
 * cells of the label and the others in the query (Welch t on log-normalised values) are among them. Empty where there are
 * no determinant features, and for values that are neither counts nor logs.
 *
 * @param truth [query cells] true labels
 */
export async function keyGenesOfQuery(
  query: { readonly counts: SparseRows; readonly valueKind: ValueKind },
  features: readonly string[],
  markers: readonly { readonly label: string; readonly feature: string }[],
  truth: readonly (string | null)[],
  signal?: CancelSignal,
): Promise<KeyGeneHits[]> {
  const { counts, valueKind } = query;
  if (markers.length === 0 || valueKind === 'unknown') return [];
  const names = [...new Set(truth.filter((label) => label !== null))].sort();
  const place = new Map(names.map((name, k) => [name, k]));
  const label = truth.map((name) => (name === null ? -1 : place.get(name)!));
  const tally = new DifferentialTally(names.length, counts.columns);
  for await (const { from, matrix } of blocksOf(counts, signal)) {
    if (matrix.values.some((value) => value < 0)) return [];
    tally.add(valueKind === 'counts' ? lognorm(matrix) : matrix, label, from);
  }
  const top = tally.top(KEY_GENES);
  const determinants = new Map<string, string[]>();
  for (const { label: own, feature } of markers) {
    if (!place.has(own)) continue;
    determinants.set(own, [...(determinants.get(own) ?? []), feature]);
  }
  return keyGeneHits(
    features,
    determinants,
    new Map(names.map((name, k) => [name, top[k]!.map((feature) => features[feature]!)])),
  );
}
