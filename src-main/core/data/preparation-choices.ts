/** How counts become network input. */
export const transforms = ['binarise', 'lognorm', 'log1p', 'lognorm-scaled', 'none'] as const;
export type Transform = (typeof transforms)[number];

/** What preparing a pair must do for a method with its settings. */
export interface PreparationChoices {
  readonly transform: Transform;
  /** Number of most variable features to take on each side before intersecting; null keeps all shared ones. */
  readonly topFeatures: number | null;
  /** Neighbours per query cell; 0 for a method that looks at none. */
  readonly neighbours: number;
  /** Distance of the query graph. */
  readonly distance: 'manhattan' | 'euclidean';
  /** Whether the untrained space in which neighbours are found is kept for training; it is not without this. */
  readonly space?: boolean;
}
