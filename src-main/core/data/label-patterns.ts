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
