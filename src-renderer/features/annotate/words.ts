import { count } from '../../ui/format.ts';
import type { HarmoniseWay } from '#core/data/harmonise-way';
import type { IdType, Modality, ValueKind } from '#core/data/study';

/** How the kinds that a pre-flight report names are called on the screen. */
export const modalityWords: Readonly<Record<Modality, string>> = {
  rna: 'Expression (RNA)',
  'gene-activity': 'Gene activity (ATAC)',
  peaks: 'Peaks (ATAC)',
  protein: 'Proteins',
  other: 'Not recognised',
};

/** The same within a sentence. */
export const modalityPhrases: Readonly<Record<Modality, string>> = {
  rna: 'expression',
  'gene-activity': 'gene activity',
  peaks: 'peaks',
  protein: 'proteins',
  other: 'features of an unknown kind',
};

export const valueWords: Readonly<Record<ValueKind, string>> = {
  counts: 'Counts',
  'log-normalised': 'Log-normalised',
  scaled: 'Scaled',
  binary: 'Binary (0 and 1)',
  unknown: 'Not recognised',
};

export const idWords: Readonly<Record<IdType, string>> = {
  symbol: 'Gene symbols',
  ensembl: 'Ensembl ids',
  coordinates: 'Genome coordinates',
  other: 'Not recognised',
};

const slotNames: Readonly<Record<string, string>> = {
  'gene-activity': 'Gene activity: body and 2 kb upstream',
  'weighted-gene-activity': 'Gene activity, weighted by distance',
  'windows-5000': 'Windows of 5 kb',
  peaks: 'The peaks that came with it',
};

/** A matrix in a list: what fragments are counted into, else its name in the file; with its size where that is known. */
export function slotText(
  { id, cells, features }: { readonly id: string; readonly cells: number; readonly features: number },
  fragments: boolean,
): string {
  if (fragments) return slotNames[id] ?? id;
  return `${id}: ${count(cells)} × ${count(features)}`;
}

/** The ways to bring two studies of open chromatin to the same features, as they are chosen. */
export const harmoniseTitles: Readonly<Record<HarmoniseWay, string>> = {
  'same-peaks': 'The same peaks, as they are',
  recount: 'Count the query’s fragments in the reference’s peaks',
  union: 'Count both in the union of their peaks',
  'sum-overlapping': 'Sum the query’s peaks that overlap the reference’s',
  windows: 'Fixed windows of 5 kb',
  'gene-activity': 'Gene activity of both',
};
