/**
 * Jobs in the order of the cases in assembly/index.ts, each with the places of its arguments that are float32; all others are uint32:
 * addresses, sizes. What the arguments are is said at the functions of the same name.
 */
export const jobKinds = {
  sparseProduct: { kind: 0, floats: [] },
  sparseTransposedProduct: { kind: 1, floats: [] },
  tiledGradientStep: { kind: 2, floats: [] },
  shiftProduct: { kind: 3, floats: [] },
  product: { kind: 4, floats: [] },
  transposedProduct: { kind: 5, floats: [] },
  unitRows: { kind: 6, floats: [] },
  unitRowsGradient: { kind: 7, floats: [] },
  panel: { kind: 8, floats: [] },
  widePanel: { kind: 9, floats: [] },
  raisedSimilarities: { kind: 10, floats: [6] },
  raisedSums: { kind: 11, floats: [] },
  raisedGradient: { kind: 12, floats: [8] },
  nearestRows: { kind: 13, floats: [] },
  normalisedTanh: { kind: 14, floats: [] },
  sigmoidRows: { kind: 15, floats: [] },
  sigmoidGradient: { kind: 16, floats: [] },
  explainRows: { kind: 17, floats: [] },
  nearestCells: { kind: 18, floats: [] },
  tallyRows: { kind: 19, floats: [] },
  stripProduct: { kind: 20, floats: [] },
  stripGradientStep: { kind: 21, floats: [] },
  normaliseStrip: { kind: 22, floats: [] },
  normaliseStripGradient: { kind: 23, floats: [] },
  panelProduct: { kind: 24, floats: [] },
  makeTiles: { kind: 25, floats: [] },
  tiledProduct: { kind: 26, floats: [] },
  sumOfPartitions: { kind: 27, floats: [] },
} as const satisfies Record<string, { kind: number; floats: readonly number[] }>;

export type JobName = keyof typeof jobKinds;

type Numbers = (...args: number[]) => number;
type Work = (...args: number[]) => void;

/** What the compiled module exports; see the functions of the same names in assembly/. */
export interface KernelExports {
  help(control: number, thread: number): void;
  run(control: number, kind: number, items: number, helpers: number): void;
  begin(control: number, kind: number, items: number, helpers: number): void;
  finish(control: number, items: number): void;
  claimBelow(control: number, limit: number): number;
  readonly turningRoom: Numbers;
  readonly updateWeights: Numbers;
  readonly transpose: Work;
  readonly columnSums: Work;
  readonly alignedPairs: Numbers;
  readonly softmaxRows: Work;
  readonly crossEntropyGradient: Work;
  readonly centreRows: Numbers;
  readonly moveCentres: Work;
  readonly centreBatch: Numbers;
  readonly deviationGradient: Work;
  readonly offDiagonal: Numbers;
  readonly batchStatistics: Work;
  readonly sumOf: Numbers;
  readonly normalisedTanhGradient: Work;
  readonly headDifferences: Work;
  readonly headGradients: Work;
  readonly turnBatch: Work;
  readonly foldRows: Work;
  readonly COMPARED_CELLS: { readonly value: number };
  readonly EXPLAINED_ROWS: { readonly value: number };
  readonly ROWS_AT_ONCE: { readonly value: number };
  readonly FEATURES_AT_ONCE: { readonly value: number };
  readonly TILE_ROWS: { readonly value: number };
  readonly TILE_FEATURES: { readonly value: number };
  readonly PRODUCT_ROWS: { readonly value: number };
  readonly PARTITIONS: { readonly value: number };
  readonly DENSE_ROWS: { readonly value: number };
  readonly TRANSPOSED_ROWS: { readonly value: number };
  readonly SIMILAR_ROWS: { readonly value: number };
  readonly ATTENTION_ROWS: { readonly value: number };
}
