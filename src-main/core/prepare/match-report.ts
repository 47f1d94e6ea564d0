import type { IdType, Modality, Species, Study } from '../data/study.ts';

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
