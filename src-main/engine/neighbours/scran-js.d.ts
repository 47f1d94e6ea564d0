/** The part of scran.js that is used; the package ships no types. Matrices are [cells, width] row by row. */
declare module 'scran.js' {
  interface WasmObject {
    /** Gives the memory on the wasm heap back. */
    free(): void;
  }
  export interface NeighborIndex extends WasmObject {
    numberOfCells(): number;
  }
  export interface NeighborResults extends WasmObject {
    numberOfNeighbors(): number;
    /** `runs` is the number of neighbours of each cell; the others hold the runs one after the other. */
    serialize(): { runs: Int32Array; indices: Int32Array; distances: Float64Array };
  }
  export interface UmapStatus extends WasmObject {
    currentEpoch(): number;
    totalEpochs(): number;
    run(options: { runTime: number }): void;
    extractCoordinates(): { x: Float64Array; y: Float64Array };
  }
  export interface TsneStatus extends WasmObject {
    iterations(): number;
    run(options: { maxIterations: number; runTime: number }): void;
    extractCoordinates(): { x: Float64Array; y: Float64Array };
  }
  /** Loads the module and starts its threads; false if that was done before. */
  export function initialize(options: { numberOfThreads: number }): Promise<boolean>;
  /** Ends the threads and forgets the module. */
  export function terminate(): void;
  export function buildNeighborSearchIndex(
    values: Float32Array | Float64Array,
    options: { numberOfDims: number; numberOfCells: number; approximate: boolean },
  ): NeighborIndex;
  export function findNearestNeighbors(index: NeighborIndex, k: number): NeighborResults;
  /** Features are rows and cells are columns. */
  export type ScranMatrix = WasmObject;
  export type LoadedReference = WasmObject;
  export type TrainedReference = WasmObject;
  export interface LabelResults extends WasmObject {
    predicted(): Int32Array;
    scoreForLabel(label: number): Float64Array;
  }
  export interface KmeansResults extends WasmObject {
    clusters(): Int32Array;
  }
  export function initializeSparseMatrixFromSparseArrays(
    numberOfRows: number,
    numberOfColumns: number,
    values: Float32Array,
    indices: Int32Array,
    pointers: Float64Array,
    options: { byRow: boolean; forceInteger: boolean; layered: boolean },
  ): ScranMatrix;
  /** Gzipped text in the formats of singlepp_loaders. */
  export function loadLabelCellsReferenceFromBuffers(
    ranks: Uint8Array,
    markers: Uint8Array,
    labels: Uint8Array,
  ): LoadedReference;
  export function trainLabelCellsReference(
    testFeatures: readonly string[],
    loaded: LoadedReference,
    referenceFeatures: readonly string[],
    options: { top: number; approximate: boolean },
  ): TrainedReference;
  export function labelCells(cells: ScranMatrix, reference: TrainedReference): LabelResults;
  export function clusterKmeans(
    values: Float64Array,
    clusters: number,
    options: { numberOfDims: number; numberOfCells: number },
  ): KmeansResults;
  export function initializeUmap(
    neighbours: NeighborResults,
    options: { neighbors: number; epochs: number; minDist: number },
  ): UmapStatus;
  export function initializeTsne(
    neighbours: NeighborResults,
    options: { perplexity: number; neighbors: number },
  ): TsneStatus;
}
