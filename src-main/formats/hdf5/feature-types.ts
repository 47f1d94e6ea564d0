import { columnTexts } from '#core/data/column';
import type { Column } from '#core/data/column';
import type { FeatureTable, Modality } from '#core/data/study';
import { detectIdType } from '../detect/id-type.ts';

/** Columns that may hold the symbol of a gene whose id is something else, the most explicit first. */
const symbolColumns = [
  'feature_name',
  'gene_symbols',
  'gene_symbol',
  'gene_name',
  'gene_names',
  'symbol',
  'Symbol',
  'SYMBOL',
  'gene_short_name',
  'Gene',
  'name',
];

/** What the features are, by the feature types that Cell Ranger and its readers write; null for any other type. */
export function modalityOfFeatureType(type: string | null): Modality | null {
  switch (type?.toLowerCase()) {
    case 'gene expression':
      return 'rna';
    case 'gene activity':
      return 'gene-activity';
    case 'peaks':
      return 'peaks';
    case 'antibody capture':
      return 'protein';
    case 'crispr guide capture':
    case 'multiplexing capture':
    case 'antigen capture':
    case 'custom':
      return 'other';
    default:
      return null;
  }
}

/** What a modality is by its name in a multimodal file, for names that leave no doubt; else null. */
export function modalityOfName(name: string): Modality | null {
  const word = name.toLowerCase();
  if (/^(rna|gex|gene[ _-]?expression|mrna|scrna|snrna)$/.test(word)) return 'rna';
  if (/^(atac|peaks?|scatac|snatac)$/.test(word)) return 'peaks';
  if (/^(prot|proteins?|adt|cite|antibody[ _-]?capture|ab)$/.test(word)) return 'protein';
  if (/^(gene[ _-]?activit(y|ies))$/.test(word)) return 'gene-activity';
  return null;
}

/** The one value that a column has in every row; null if there are several, or none. */
export function onlyValue(column: Column | undefined): string | null {
  if (column === undefined) return null;
  const values = new Set(columnTexts(column));
  return values.size === 1 ? ([...values][0] ?? null) : null;
}

/**
 * A table of features from ids and columns. `names` are the ids where these are symbols already, else the symbols of
 * the first column that holds such. Ids are as in the file, repeated ones included.
 */
export function featureTable(ids: readonly string[], columns: ReadonlyMap<string, Column>): FeatureTable {
  const { idType } = detectIdType(ids);
  const symbols =
    idType === 'symbol' || idType === 'coordinates'
      ? undefined
      : symbolColumns
          .map((name) => columns.get(name))
          .find((column) => column?.kind === 'text' || column?.kind === 'categories');
  const texts = symbols === undefined ? null : columnTexts(symbols);
  return { ids, names: texts === null ? ids : ids.map((id, i) => texts[i] || id), idType, columns };
}
