/** What a method says about every query cell, and where both sides lie in its embedding. */
export interface LabelTransfer {
  /** [labels] as in the AlignedPair. */
  readonly labels: readonly string[];
  readonly query: EmbeddedCells & {
    /** [query cells] number of the most probable label. */
    readonly predicted: Int32Array;
    /** [query cells] the largest probability of the cell, 0…1. */
    readonly confidence: Float32Array;
    /** [query cells] 1 where the cell has no value in any feature: its probabilities say nothing about it, so it is shown as Unknown. */
    readonly empty?: Uint8Array;
  };
  readonly reference: EmbeddedCells;
}

export interface EmbeddedCells {
  readonly cells: readonly string[];
  /** Width m of the embedding. */
  readonly width: number;
  /** [cells, m] row by row. */
  readonly embedding: Float32Array;
  /** [cells, labels] row by row; each row sums to 1. */
  readonly probabilities: Float32Array;
}

/** The label shown for cells whose confidence does not exceed the threshold. */
export const UNKNOWN = 'Unknown';
