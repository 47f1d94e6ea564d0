/** Features of the query that a person may colour by. */
export interface FeatureMatches {
  /** False for a run that keeps no values by feature; `reason` then says why. */
  readonly kept: boolean;
  readonly reason: string | null;
  /** Features that hold the text, in all. */
  readonly total: number;
  readonly names: readonly string[];
}

/** One feature in all query cells. */
export interface FeatureValues {
  readonly feature: string;
  /** What the values are: `ln(1 + counts per 10⁴)`, or `value in the file` where these are no whole counts. */
  readonly title: string;
  /** [query cells] */
  readonly values: Float32Array;
  /** 0 (or the least value below it) and the value that 99 % of the cells with one do not exceed. */
  readonly range: readonly [number, number];
  /** Query cells with a value other than zero. */
  readonly detected: number;
}

/** The columns of cells that the studies came with: batch, donor, cluster, quality numbers … */
export interface CellColumns {
  /** False for a run that keeps none; `reason` then says why. */
  readonly kept: boolean;
  readonly reason: string | null;
  /** Those of the query in the order of its file, then those that only the reference has. */
  readonly columns: readonly CellColumn[];
  /** Columns that were not kept. */
  readonly leftOut: readonly {
    readonly name: string;
    readonly study: 'reference' | 'query';
    /** No cell has a value; most cells have one of their own, as barcodes; too many names; no room for more columns. */
    readonly why: 'empty' | 'mostly-unique' | 'too-many-names' | 'no-room';
  }[];
}

export interface CellColumn {
  readonly name: string;
  readonly inReference: boolean;
  readonly inQuery: boolean;
}

/** One column in the cells of both studies; null for a study that does not have it. */
export interface CellColumnValues {
  readonly column: string;
  readonly reference: ColumnOfStudy | null;
  readonly query: ColumnOfStudy | null;
}

/** [cells] NaN is missing; of names each cell has the place in `categories`, −1 is missing. */
export type ColumnOfStudy =
  | { readonly kind: 'number'; readonly values: Float32Array }
  | { readonly kind: 'categories'; readonly codes: Int16Array; readonly categories: readonly string[] };

/**
 * A part of the heatmap. Cells are in the order of their most probable label (or of the labels asked for), within a label by falling confidence; a column is
 * the mean of 2^level cells of that order that follow each other, whatever their label.
 */
export interface HeatmapTile {
  /** Columns in this tile, 0 … 512. */
  readonly columns: number;
  /** [features, columns] row by row: mean z-score over all query cells; 0 for a feature that is the same in all of them. */
  readonly values: Float32Array;
}

/** Features by most probable label, whatever its confidence. */
export interface LabelMeans {
  /** [labels] query cells. */
  readonly cells: Int32Array;
  /** [features, labels] row by row: mean z-score over all query cells; 0 for labels without cells and features without spread. */
  readonly values: Float32Array;
}

/** What speaks for and against the label of some cells. */
export interface Why {
  /** Cells that were looked at. */
  readonly cells: number;
  /** The label that is explained: the most frequent of the cells, with how many of them have it. */
  readonly label: string;
  readonly cellsOfLabel: number;
  /** Labels by mean probability over the cells, highest first. */
  readonly probabilities: readonly { readonly label: string; readonly mean: number }[];
  /** Null where the run keeps no attributions; `reason` then says why. */
  readonly features: WhyFeatures | null;
  readonly reason: string | null;
  /** Null where the run keeps no embedding of the reference. */
  readonly neighbours: WhyNeighbours | null;
}

/** Attributions (integrated gradients) of the probability of `label`, over the cells that have it. */
export interface WhyFeatures {
  /** Strongest first. */
  readonly supporting: readonly WhyFeature[];
  readonly contradicting: readonly WhyFeature[];
}

export interface WhyFeature {
  readonly feature: string;
  /** Mean over the cells that have the label; where a feature is not among the strongest of a cell it counts as 0. */
  readonly meanAttribution: number;
  /** Share of these cells that have it among their strongest, 0…1. */
  readonly fraction: number;
}

export interface WhyNeighbours {
  /** Cells for which neighbours were looked up: all, or a sample of them. */
  readonly cells: number;
  /** Nearest reference cells looked at for each. */
  readonly k: number;
  /** Labels of the nearest reference cells, most frequent first; `share` is of all `cells` × `k`. */
  readonly votes: readonly { readonly label: string; readonly share: number }[];
  /** The reference cells that are most often among the nearest. */
  readonly nearest: readonly { readonly cell: string; readonly label: string; readonly times: number }[];
}
