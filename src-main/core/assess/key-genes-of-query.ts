import { isInMemory, mapRows, type SparseRows } from '../data/sparse-rows.ts';
import type { ValueKind } from '../data/study.ts';
import { lognorm } from '../prepare/lognorm.ts';
import { type KeyGeneHits, keyGeneHits } from './key-gene-hits.ts';
import { topDifferentialFeatures } from './top-differential-features.ts';

/**
 * Key gene hit rate of each label with determinant features: how many of the 20 features that differ most between the true
 * cells of the label and the others in the query (Welch t on log-normalised values) are among them. Empty where there are
 * no determinant features, or where the query does not lie in memory or has values that are neither counts nor logs.
 *
 * @param truth [query cells] true labels
 */
export function keyGenesOfQuery(
  query: { readonly counts: SparseRows; readonly valueKind: ValueKind },
  features: readonly string[],
  markers: readonly { readonly label: string; readonly feature: string }[],
  truth: readonly (string | null)[],
): KeyGeneHits[] {
  const { counts, valueKind } = query;
  if (markers.length === 0 || !isInMemory(counts) || valueKind === 'unknown') return [];
  if (counts.values.some((value) => value < 0)) return [];
  const levels = valueKind === 'counts' ? mapRows(counts, counts.columns, (block) => lognorm(block)) : counts;
  if (!isInMemory(levels)) return [];
  const names = [...new Set(truth.filter((label) => label !== null))].sort();
  const place = new Map(names.map((name, k) => [name, k]));
  const label = truth.map((name) => (name === null ? -1 : place.get(name)!));
  const top = topDifferentialFeatures(levels, label, names.length);
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
