/**
 * How a consensus of several methods came to its labels, and what speaks for each of its members without any label of the
 * query: shown with the result.
 */
export interface ConsensusAccount {
  readonly members: readonly MemberAccount[];
  /** Share of the query cells, 0…1, to which all members give the same label. */
  readonly unanimous: number;
  readonly neighbours: {
    /** Neighbours per query cell, in the query's own space. */
    readonly k: number;
    /** How far neighbours share the label that the members' mean gives them, beyond chance: 1 always, 0 as by chance. */
    readonly agreement: number;
    /** Share of a cell's probabilities, 0…1, that is taken from its neighbours: the mean over the cells. */
    readonly strength: number;
  };
}

/** One member of a consensus. */
export interface MemberAccount {
  readonly id: string;
  readonly title: string;
  /** Its share in the mean, 0…1. */
  readonly weight: number;
  /** Share of the query cells, 0…1, to which it gives the label of the consensus. */
  readonly agreement: number;
  /** How far neighbours share its label beyond chance, as above. */
  readonly neighbours: number;
  /**
   * Reverse transfer: mean over the labels of the share of reference cells, 0…1, that centroids learned from the query cells
   * with this member's labels find again. Null where the query got one label only.
   */
  readonly reverse: number | null;
}
