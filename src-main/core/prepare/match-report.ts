import { countText } from '../base/count-text.ts';
import { AppError } from '../base/app-error.ts';
import type { IdType, Modality, Species, Study } from '../data/study.ts';
import { featuresNeeded } from './features-needed.ts';
import { type FeatureMatch, type MatchedSide, matchFeatures, speciesDiffer } from './match-features.ts';

/** What matching looks at: no matrix, so the answer is instant for a study of any size. A `Study` fits. */
export type MatchSide = Pick<Study, 'name' | 'modality' | 'species' | 'features'>;

export type MatchVerdict = 'good' | 'poor' | 'impossible';

export interface MatchSideReport {
  readonly name: string;
  readonly modality: Modality;
  readonly species: Species;
  readonly idType: IdType;
  /** Features after names that differ only in case, version suffix or repetition were put together. */
  readonly features: number;
  /** Shared features ÷ features of this side, 0…1. */
  readonly sharedFraction: number;
}

export interface MatchMessage {
  readonly severity: 'info' | 'warning' | 'error';
  readonly text: string;
  /** The one thing to do next, or null where nothing needs doing. */
  readonly remedy: string | null;
}

/** How reference and query fit together. Plain JSON. */
export interface MatchReport {
  readonly verdict: MatchVerdict;
  readonly sharedFeatures: number;
  readonly reference: MatchSideReport;
  readonly query: MatchSideReport;
  /** A few shared names, for the eye. */
  readonly examples: { readonly shared: string[]; readonly referenceOnly: string[]; readonly queryOnly: string[] };
  readonly messages: readonly MatchMessage[];
}

/** How many names of each kind are given as examples. */
const EXAMPLES = 5;

/**
 * How two studies would match, told before any matrix is read.
 *
 * `impossible` is what `alignPair` would refuse: other species, genes against peaks, too few shared features. `poor` goes through with a warning:
 * under 30 % of the smaller side is shared, or under 500 features where the smaller side has more. Everything else is `good`.
 */
export function matchReport(reference: MatchSide, query: MatchSide): MatchReport {
  const messages: MatchMessage[] = [];
  const match = matchOrExplain(reference, query, messages);
  const shared = match?.features.length ?? 0;
  const smaller = match === null ? 0 : Math.min(match.reference.different, match.query.different);
  let verdict: MatchVerdict = match === null ? 'impossible' : 'good';
  if (match !== null) {
    const needed = featuresNeeded(smaller);
    if (shared < needed) {
      verdict = 'impossible';
      messages.push(tooFew(reference, query, match, needed));
    } else if (shared < 0.3 * smaller || shared < Math.min(500, smaller)) {
      verdict = 'poor';
      messages.push({
        severity: 'warning',
        text: `${countText(shared)} features are shared, ${percent(shared / smaller)} of the smaller study.`,
        remedy:
          'Check that both studies use the same kind of names and the same genome; go on if one is a small panel.',
      });
    } else {
      messages.push({
        severity: 'info',
        text: `${countText(shared)} features are shared by ${match.by}.`,
        remedy: null,
      });
    }
    messages.push(...remarks(reference, query, match));
  }
  return {
    verdict,
    sharedFeatures: shared,
    reference: sideReport(reference, match?.reference ?? null, shared),
    query: sideReport(query, match?.query ?? null, shared),
    examples: {
      shared: match === null ? [] : match.features.slice(0, EXAMPLES),
      referenceOnly: onlyHere(reference, match?.reference ?? null),
      queryOnly: onlyHere(query, match?.query ?? null),
    },
    messages,
  };
}

function matchOrExplain(reference: MatchSide, query: MatchSide, messages: MatchMessage[]): FeatureMatch | null {
  try {
    return matchFeatures(reference, query);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    messages.push({ severity: 'error', text: error.message, remedy: error.remedy });
    return null;
  }
}

function tooFew(reference: MatchSide, query: MatchSide, match: FeatureMatch, needed: number): MatchMessage {
  const types = [reference.features.idType, query.features.idType];
  const mixed = types.includes('ensembl') && types.includes('symbol');
  const peaks = match.by === 'coordinates';
  return {
    severity: 'error',
    text: `${countText(match.features.length)} features are shared; at least ${countText(needed)} are needed for labels that can be trusted.`,
    remedy: mixed
      ? `Map the Ensembl ids of ${types[0] === 'ensembl' ? reference.name : query.name} to symbols.`
      : peaks
        ? 'Use studies with the same set of peaks and the same genome, or turn both into gene activity.'
        : 'Check that both studies are of the same species and use the same kind of gene names.',
  };
}

function remarks(reference: MatchSide, query: MatchSide, match: FeatureMatch): MatchMessage[] {
  const out: MatchMessage[] = [];
  if (match.byCaseOnly > 0) {
    out.push({
      severity: 'info',
      text: `${countText(match.byCaseOnly)} of the shared names differ in upper and lower case only.`,
      remedy: null,
    });
  }
  if (speciesDiffer(reference, query)) {
    out.push({
      severity: 'warning',
      text: `${reference.name} looks like ${reference.species} and ${query.name} like ${query.species}, but most gene names agree.`,
      remedy: 'Check that both studies are of the same species.',
    });
  }
  for (const [side, matched] of [
    [reference, match.reference],
    [query, match.query],
  ] as const) {
    if (matched.repeated === 0) continue;
    out.push({
      severity: 'info',
      text: `${countText(matched.repeated)} shared features occur more than once in ${side.name}; counts of the same feature are summed.`,
      remedy: null,
    });
  }
  return out;
}

function sideReport(side: MatchSide, matched: MatchedSide | null, shared: number): MatchSideReport {
  const features = matched?.different ?? new Set(side.features.ids).size;
  return {
    name: side.name,
    modality: side.modality,
    species: side.species,
    idType: side.features.idType,
    features,
    sharedFraction: features === 0 ? 0 : shared / features,
  };
}

function onlyHere(side: MatchSide, matched: MatchedSide | null): string[] {
  const out: string[] = [];
  for (let column = 0; column < side.features.names.length && out.length < EXAMPLES; column++) {
    if (matched === null || matched.place[column] === -1) out.push(side.features.names[column]!);
  }
  return out;
}

function percent(fraction: number): string {
  return `${Math.round(100 * fraction)} %`;
}
