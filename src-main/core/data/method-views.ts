import type { NeighbourGraph } from './aligned-pair.ts';

/** What only figures need of a finished transfer, beyond labels and map. */
export interface MethodViews {
  readonly raw: RawSpace;
  readonly mixing: StudyMixing;
  /** Nearest query cells of query cells in the learned space. */
  readonly learnedGraph: {
    readonly graph: NeighbourGraph;
    /** Places of its cells in the query, rising. */ readonly cells: Int32Array;
  };
}

/** Both studies before training, in the plane. */
export interface RawSpace {
  /** Rising places of the cells laid out: reference cells first, then query cells; of very many a sample, every label of each study by its share. */
  readonly cells: Int32Array;
  /** UMAP of `how`, [cells laid out, 2]. */
  readonly places: Float32Array;
  /** The space, in words: "50 principal components". */
  readonly how: string;
}

/** Both studies before training and in the learned space, on the same cells. */
export interface StudyMixing {
  /** Rising places of the cells looked at: reference cells first, then query cells. */
  readonly cells: Int32Array;
  readonly total: number;
  /** How the cells were placed before training, for the footnote. */
  readonly rawHow: string;
  /** [cells looked at, 2] */
  readonly rawPlaces: Float32Array;
  readonly raw: MixingScores;
  readonly learned: MixingScores;
}

/** Null where a side has no cells. */
export interface MixingScores {
  /** Mean silhouette of the studies: near 0 where they are mixed, near 1 where they lie apart. */
  readonly silhouetteStudy: number | null;
  /** Mean silhouette of the labels (of query cells the predicted ones): the higher the further apart. */
  readonly silhouetteLabel: number | null;
  /** See `neighbourMixing`, over 15 neighbours. */
  readonly neighbours: number | null;
}
