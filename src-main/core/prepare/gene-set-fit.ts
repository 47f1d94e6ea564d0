import { geneKey, type GeneSetLibrary, symbolOfId } from '../data/gene-sets.ts';

/** How a library of gene sets fits two studies. Plain JSON. */
export interface GeneSetFit {
  /** What a person calls the library; null where none is given and none ships for the species. */
  readonly name: string | null;
  readonly sets: number;
  /** Different genes in all sets. */
  readonly genes: number;
  /** Genes that both studies have; null where that is not known before the run, as of fragments. */
  readonly studyGenes: number | null;
  /** Of these, how many are in any set. */
  readonly found: number;
  /** Features of both studies that are Ensembl ids and are compared by their symbols. */
  readonly bySymbol: number;
  /** Sets of at least `smallest` and at most `largest` genes of which both studies have at least `smallest`. */
  readonly usable: number;
  readonly smallest: number;
  readonly largest: number;
  /** A few genes of the library and of the studies, to compare how they are written. */
  readonly examples: { readonly library: readonly string[]; readonly studies: readonly string[] };
}

/** Sizes between which sets are used by default. Source: KIDA's released code. */
export const [SMALLEST_SET, LARGEST_SET] = [5, 300] as const;

const EXAMPLES = 3;

/**
 * How many sets of a library can be used on the genes that two studies share. Names are compared by `geneKey`, as the
 * methods do; a method that chooses genes before has fewer.
 *
 * @param library null for none
 * @param shared genes of both studies, null where they are not known yet
 */
export function geneSetFit(library: GeneSetLibrary | null, shared: readonly string[] | null): GeneSetFit {
  const symbolOf = library?.symbolOf;
  const key = (gene: string): string => geneKey(gene, symbolOf);
  const known = new Set(shared?.map(key));
  const all = new Map(library?.sets.flatMap(({ genes }) => genes.map((gene) => [key(gene), gene] as const)));
  const inBoth = (genes: readonly string[]): number =>
    [...new Set(genes.map(key))].filter((gene) => known.has(gene)).length;
  const usable = (library?.sets ?? []).filter(
    ({ genes }) => genes.length <= LARGEST_SET && inBoth(genes) >= SMALLEST_SET,
  );
  return {
    name: library?.name ?? null,
    sets: library?.sets.length ?? 0,
    genes: all.size,
    studyGenes: shared === null ? null : known.size,
    found: [...all.keys()].filter((gene) => known.has(gene)).length,
    bySymbol: (shared ?? []).filter((gene) => symbolOfId(gene, symbolOf) !== undefined).length,
    usable: usable.length,
    ...{ smallest: SMALLEST_SET, largest: LARGEST_SET },
    examples: { library: [...all.values()].slice(0, EXAMPLES), studies: (shared ?? []).slice(0, EXAMPLES) },
  };
}
