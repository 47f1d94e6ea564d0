/** One set of genes that belong together: a pathway, the targets of a factor, … */
export interface GeneSet {
  readonly name: string;
  /** As the file names them, each once. */
  readonly genes: readonly string[];
}

/** Gene sets through which a method reads cells. */
export interface GeneSetLibrary {
  /** What a person calls it: the file's name. */
  readonly name: string;
  /** In the order of the file; names are unique. */
  readonly sets: readonly GeneSet[];
  /** Symbols of Ensembl ids, so that ids and symbols of a gene are compared as the same; without it they are not. */
  readonly symbolOf?: SymbolOf;
}

/** Ensembl gene id without its version → symbol. */
export type SymbolOf = ReadonlyMap<string, string>;

/** How names of genes are compared: an Ensembl id as its symbol where one is known, without regard to case and versions. */
export function geneKey(name: string, symbolOf?: SymbolOf): string {
  return (symbolOfId(name, symbolOf) ?? name.trim()).toUpperCase();
}

/** The symbol of an Ensembl id, with or without its version; undefined for any other name. */
export function symbolOfId(name: string, symbolOf?: SymbolOf): string | undefined {
  const id = ENSEMBL.exec(name.trim())?.[1];
  return id === undefined ? undefined : symbolOf?.get(id.toUpperCase());
}

const ENSEMBL = /^(ENS[A-Z]*\d+)(?:\.\d+)?(?:_PAR_Y)?$/i;
