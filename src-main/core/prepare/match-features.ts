import { AppError } from '../base/app-error.ts';
import type { FeatureTable, Modality } from '../data/study.ts';
import { featureKeys, type MatchedBy, mayIgnoreCase } from './feature-keys.ts';
import type { MatchSide } from './match-report.ts';

/** Which features of two studies are the same. */
export interface FeatureMatch {
  readonly by: MatchedBy;
  /** [shared] as the reference writes them, in the order in which the reference has them. */
  readonly features: readonly string[];
  /** [shared] their ids in the reference. */
  readonly ids: readonly string[];
  readonly reference: MatchedSide;
  readonly query: MatchedSide;
  /** Features that match only because upper and lower case were taken as the same. */
  readonly byCaseOnly: number;
}

export interface MatchedSide {
  /** [features of the side] place among the shared features, or −1. Several columns may have the same place. */
  readonly place: Int32Array;
  /** Different features of the side, repeated ones counted once. */
  readonly different: number;
  /** Shared features that occur in more than one column of the side. */
  readonly repeated: number;
}

/**
 * The features that reference and query have in common.
 *
 * Genes are compared by name (symbol) and by id, without Ensembl versions; the way that finds more is taken, names where
 * both find the same. If both studies are of the same species, case is ignored. Peaks are compared by coordinates.
 *
 * @throws AppError if one side has peaks and the other genes, or if the species are known and differ. Different species are let
 *   through when at least half of the smaller side's genes have exactly the same name, since then the species was not told rightly.
 */
export function matchFeatures(reference: MatchSide, query: MatchSide): FeatureMatch {
  const kinds = [reference, query].map(kindOfFeatures);
  if (kinds[0] !== kinds[1]) {
    throw new AppError('preparing.features-of-different-kinds', {
      reference: reference.name,
      referenceKind: kinds[0]!,
      query: query.name,
      queryKind: kinds[1]!,
    });
  }
  const ways: MatchedBy[] = kinds[0] === 'peaks' ? ['coordinates'] : ['names', 'ids'];
  const ignoreCase = kinds[0] !== 'peaks' && mayIgnoreCase(reference.species, query.species);
  const found = ways.map((by) => matchBy(by, reference.features, query.features, ignoreCase));
  const best = found.reduce((a, b) => (b.features.length > a.features.length ? b : a));

  if (speciesDiffer(reference, query)) {
    const smaller = Math.min(best.reference.different, best.query.different);
    if (kinds[0] === 'peaks' || best.features.length * 2 < smaller) {
      throw new AppError('preparing.species-differ', {
        reference: reference.name,
        referenceSpecies: reference.species,
        query: query.name,
        querySpecies: query.species,
      });
    }
  }
  return best;
}

/** Whether both species are known and not the same. */
export function speciesDiffer(reference: MatchSide, query: MatchSide): boolean {
  return reference.species !== 'unknown' && query.species !== 'unknown' && reference.species !== query.species;
}

/** Peaks are compared by place, all others (genes, gene activity, proteins) by name. */
export function kindOfFeatures(side: {
  readonly modality: Modality;
  readonly features: Pick<FeatureTable, 'idType'>;
}): 'peaks' | 'genes' {
  return side.modality === 'peaks' || side.features.idType === 'coordinates' ? 'peaks' : 'genes';
}

function matchBy(by: MatchedBy, reference: FeatureTable, query: FeatureTable, ignoreCase: boolean): FeatureMatch {
  const referenceKeys = featureKeys(reference, by, { ignoreCase });
  const queryKeys = featureKeys(query, by, { ignoreCase });
  const queryHas = new Set(queryKeys);
  const place = new Map<string, number>();
  const first: number[] = [];
  referenceKeys.forEach((key, column) => {
    if (!queryHas.has(key) || place.has(key)) return;
    place.set(key, first.length);
    first.push(column);
  });
  return {
    by,
    features: shownNames(reference, first),
    ids: first.map((column) => reference.ids[column]!),
    reference: sideOf(referenceKeys, place),
    query: sideOf(queryKeys, place),
    byCaseOnly: ignoreCase ? countByCaseOnly(by, reference, query, place) : 0,
  };
}

function sideOf(keys: readonly string[], place: ReadonlyMap<string, number>): MatchedSide {
  const places = Int32Array.from(keys, (key) => place.get(key) ?? -1);
  const columns = new Uint32Array(place.size);
  for (const p of places) if (p >= 0) columns[p]!++;
  return { place: places, different: new Set(keys).size, repeated: columns.filter((n) => n > 1).length };
}

/** Names a person reads; the id instead where a name would stand for two features. */
function shownNames(reference: FeatureTable, columns: readonly number[]): string[] {
  const times = new Map<string, number>();
  for (const column of columns) {
    const name = reference.names[column]!;
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  return columns.map((column) => {
    const name = reference.names[column]!;
    return times.get(name) === 1 ? name : reference.ids[column]!;
  });
}

function countByCaseOnly(
  by: MatchedBy,
  reference: FeatureTable,
  query: FeatureTable,
  place: ReadonlyMap<string, number>,
): number {
  const referenceExact = new Set(featureKeys(reference, by, { ignoreCase: false }));
  const exact = new Set<string>();
  for (const key of featureKeys(query, by, { ignoreCase: false })) {
    if (referenceExact.has(key)) exact.add(key.toUpperCase());
  }
  return place.size - exact.size;
}
