import { AppError } from '#core/base/app-error';
import { columnTexts } from '#core/data/column';
import type { FeatureTable } from '#core/data/study';
import { detectIdType, isEnsemblId, withoutVersion } from '../detect/id-type.ts';
import { symbolTables } from './symbol-table.ts';

export interface MappedFeatures {
  readonly features: FeatureTable;
  /** Features that have a symbol now. */
  readonly mapped: number;
  /** Features whose symbol an earlier feature has already; they keep their id. */
  readonly sharedSymbols: number;
  /** Where the symbols come from. */
  readonly source: string;
}

/**
 * Ensembl ids become symbols: by the named column of the file; else by the symbols that the file has beside its ids;
 * else by the shipped tables (GENCODE 48 and M37). Features without a symbol keep their id; of several features with
 * one symbol the first takes it and the others keep their ids. The old ids stay as the column `ensembl_id`.
 *
 * Throws `reading.repair-does-not-fit` if the ids are not Ensembl ids, the column is not there, or nothing is mapped.
 *
 * @param file name of the file, for messages
 */
export async function mapToSymbols(
  features: FeatureTable,
  column: string | undefined,
  file: string,
): Promise<MappedFeatures> {
  const refuse = (reason: string): AppError =>
    new AppError('reading.repair-does-not-fit', { file, repair: 'map-ensembl-to-symbols', reason });
  if (!features.ids.some(isEnsemblId)) throw refuse(`its features are not Ensembl ids (${features.ids[0] ?? 'none'})`);
  const { symbols, source } = await symbolsFor(features, column, refuse);
  const taken = new Set<string>();
  let [mapped, sharedSymbols] = [0, 0];
  const ids = features.ids.map((id, i) => {
    const symbol = symbols[i] ?? null;
    if (symbol === null || symbol === '' || symbol === id) return id;
    if (taken.has(symbol)) {
      sharedSymbols++;
      return id;
    }
    taken.add(symbol);
    mapped++;
    return symbol;
  });
  if (mapped === 0) throw refuse(`none of its ${ids.length} features has a symbol in ${source}`);
  const columns = new Map(features.columns).set('ensembl_id', { kind: 'text', values: features.ids });
  return { features: { ids, names: ids, idType: detectIdType(ids).idType, columns }, mapped, sharedSymbols, source };
}

async function symbolsFor(
  features: FeatureTable,
  column: string | undefined,
  refuse: (reason: string) => AppError,
): Promise<{ symbols: readonly (string | null)[]; source: string }> {
  if (column !== undefined) {
    const found = features.columns.get(column);
    if (found === undefined) {
      const known = [...features.columns.keys()].join(', ') || 'none';
      throw refuse(`its features have no column "${column}" (columns: ${known})`);
    }
    return { symbols: columnTexts(found), source: `the column ${column}` };
  }
  if (hasSymbolsBeside(features)) return { symbols: features.names, source: 'the symbols in the file' };
  const { human, mouse } = await symbolTables();
  const symbols = features.ids.map((id) => {
    const plain = withoutVersion(id);
    return human.symbolOf.get(plain) ?? mouse.symbolOf.get(plain) ?? null;
  });
  return { symbols, source: 'the shipped gene tables (GENCODE 48 and M37)' };
}

/** Whether most features have a name beside their id. */
export function hasSymbolsBeside({ ids, names }: FeatureTable): boolean {
  return ids.filter((id, i) => names[i] !== id && !isEnsemblId(names[i]!)).length * 2 > ids.length;
}
