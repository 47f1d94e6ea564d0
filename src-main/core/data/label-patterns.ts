/** A gene set that the cells of a label attend to otherwise than other cells do. */
export interface LabelPattern {
  readonly label: string;
  /** 1 … within the label, the strongest first */
  readonly rank: number;
  readonly set: string;
  /** Welch's t of the attention in the label against all other cells; below 0 where they attend to it less. */
  readonly t: number;
  /** Two-sided, adjusted over all gene sets of the label (Benjamini–Hochberg). */
  readonly adjustedP: number;
  /** Mean attention in the label, and in all other cells. */
  readonly attention: number;
  readonly elsewhere: number;
  /** Genes with the largest weights in the set, the largest first. */
  readonly genes: readonly string[];
}

/** A gene of the patterns of a label, by how central it is in the network of genes that are alike in what was learned of them. */
export interface KeyGene {
  readonly label: string;
  /** 1 … within the label, the smallest Q first */
  readonly rank: number;
  readonly gene: string;
  /** Small for genes that are central in every sense. */
  readonly q: number;
  readonly degree: number;
  readonly betweenness: number;
  readonly eigenvector: number;
  readonly pagerank: number;
  readonly closeness: number;
}

/** What a method that reads cells through gene sets says of labels. Labels in their order, ranks rising. */
export interface LabelPatterns {
  readonly patterns: readonly LabelPattern[];
  readonly keyGenes: readonly KeyGene[];
}

/** What the tables of a label were made from, as far as figures draw it. */
export interface PatternDetails {
  /** The strongest set of each label that has one, each set once: how much every cell attends to it. */
  readonly attention: readonly {
    readonly label: string;
    readonly set: string;
    /** [cells] share of the cell's attention, 0…1 */
    readonly cells: Float32Array;
  }[];
  /** Per label with patterns: the genes of its sets that are most alike in what was learned of them. */
  readonly networks: readonly GeneLinks[];
}

/** The most central genes of a label's network, by rising Q. */
export interface GeneLinks {
  readonly label: string;
  readonly genes: readonly { readonly gene: string; readonly q: number; readonly links: number }[];
  /** Between these genes, from < to. */
  readonly edges: readonly { readonly from: number; readonly to: number; readonly cosine: number }[];
  /** Genes of the whole network, and the cosine from which two are linked. */
  readonly ofGenes: number;
  readonly linkedFrom: number;
}

/** The tables, and what they were made from. */
export interface FoundPatterns extends LabelPatterns {
  readonly details: PatternDetails;
}
