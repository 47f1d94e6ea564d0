import type { CancelSignal } from '../base/cancel.ts';

export interface LayoutOptions {
  readonly seed: number;
  readonly signal?: CancelSignal | undefined;
  /** Fraction done, 0…1; with the coordinates so far [cells, 2] where the engine can give them. */
  readonly progress?: ((fraction: number, soFar?: Float32Array) => void) | undefined;
}

export interface UmapOptions extends LayoutOptions {
  /** Neighbours per cell; fewer cells than that lower it. Default 30. */
  readonly neighbours?: number;
  /** Least distance of two cells in the picture. Default 0.3. */
  readonly minDist?: number;
  /** Rounds of the optimisation. Default 500 below 10 000 cells, 200 above. */
  readonly epochs?: number;
}

export interface TsneOptions extends LayoutOptions {
  /** Effective number of neighbours; fewer than three times as many cells lower it. Default 30. */
  readonly perplexity?: number;
  /** Rounds of the optimisation. Default 1000. */
  readonly iterations?: number;
}

/** Cells in the plane, and how they came there. */
export interface CellLayout {
  /** [cells, 2] row by row */
  readonly places: Float32Array;
  /** The cells that were laid out, rising; every other one was put among its nearest of them. Null where all were laid out. */
  readonly sketch: Int32Array | null;
}

/** Places cells in the plane so that near cells stay near. Same values, options and seed, same bits. */
export interface LayoutEngine {
  /**
   * UMAP (McInnes et al. 2018, arXiv:1802.03426) of Euclidean distances.
   * @param values [cells, width] row by row, finite
   */
  umap(values: Float32Array, width: number, options: UmapOptions): Promise<CellLayout>;
  /** Barnes–Hut t-SNE (van der Maaten 2014); arguments and result as for `umap`. */
  tsne(values: Float32Array, width: number, options: TsneOptions): Promise<CellLayout>;
  /** Ends the threads of the engine; a later call starts them again. */
  close(): Promise<void>;
}
