import type { FeatureTable, Species } from '../data/study.ts';

/** What two features must agree in to be the same one. */
export type MatchedBy = 'names' | 'ids' | 'coordinates';

/** An Ensembl id with its version: ENSG00000141510.17, ENSMUSG00000059552.9. */
const ENSEMBL_WITH_VERSION = /^(ENS[A-Z]*\d{11})\.\d+$/;
/** chr1:100-200, chr1-100-200, chr1_100_200; the contig may itself hold separators. */
const COORDINATES = /^(.+)[:\-_](\d+)[-_](\d+)$/;

/**
 * The text by which each feature is compared: [features].
 *
 * Ensembl ids lose their version. Coordinates are written one way, without `chr`. Names keep their case
 * unless `ignoreCase`, because case is what tells a mouse symbol (Gad1) from a human one (GAD1).
 */
export function featureKeys(features: FeatureTable, by: MatchedBy, options: { ignoreCase: boolean }): string[] {
  const texts = by === 'names' ? features.names : features.ids;
  return texts.map((text) => {
    const trimmed = text.trim();
    if (by === 'coordinates') return coordinateKey(trimmed);
    const id = ENSEMBL_WITH_VERSION.exec(trimmed)?.[1] ?? trimmed;
    return options.ignoreCase ? id.toUpperCase() : id;
  });
}

/** Case is ignored only where both sides are known to be of one species. */
export function mayIgnoreCase(reference: Species, query: Species): boolean {
  return reference === query && reference !== 'unknown';
}

function coordinateKey(text: string): string {
  const parts = COORDINATES.exec(text);
  if (parts === null) return text;
  const contig = parts[1]!.replace(/^chr/i, '');
  return `${contig === 'MT' ? 'M' : contig}:${Number(parts[2])}-${Number(parts[3])}`;
}
