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
}

/** How names of genes are compared: without regard to case. */
export function geneKey(name: string): string {
  return name.trim().toUpperCase();
}
