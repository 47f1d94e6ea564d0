import type { Column } from './column.ts';
import type { CsrMatrix } from './csr-matrix.ts';
import type { SparseRows } from './sparse-rows.ts';

/** What the columns of a matrix are. */
export const modalities = ['rna', 'gene-activity', 'peaks', 'protein', 'other'] as const;
export type Modality = (typeof modalities)[number];

/** What the values of a matrix are. `binary` holds only 0 and 1; `scaled` has negative values. */
export const valueKinds = ['counts', 'log-normalised', 'scaled', 'binary', 'unknown'] as const;
export type ValueKind = (typeof valueKinds)[number];

/** How features are named. */
export const idTypes = ['symbol', 'ensembl', 'coordinates', 'other'] as const;
export type IdType = (typeof idTypes)[number];

export const speciesNames = ['human', 'mouse', 'unknown'] as const;
export type Species = (typeof speciesNames)[number];

/** The cells of a study: one row per cell. `ids` are unique. */
export interface CellTable {
  readonly ids: readonly string[];
  readonly columns: ReadonlyMap<string, Column>;
}

/** The features of a matrix: one row per column of the matrix. `ids` are unique; `names` may be symbols beside Ensembl ids. */
export interface FeatureTable {
  readonly ids: readonly string[];
  /** What a person reads: the symbol where one is known, else the id. Not necessarily unique. */
  readonly names: readonly string[];
  readonly idType: IdType;
  readonly columns: ReadonlyMap<string, Column>;
}

/** Numbers per cell that came with a study, e.g. `X_umap`: [cells, width] row by row. */
export interface CellEmbedding {
  readonly width: number;
  readonly values: Float32Array;
}

/** One labelled or unlabelled dataset, one modality of it. Its rows lie in memory or, where they are too many, are read when they are asked for. */
export interface Study<Rows extends SparseRows = SparseRows> {
  /** What a person calls it: the file's name without its folder. */
  readonly name: string;
  readonly modality: Modality;
  readonly valueKind: ValueKind;
  readonly species: Species;
  readonly cells: CellTable;
  readonly features: FeatureTable;
  /** [cells, features] */
  readonly matrix: Rows;
  readonly embeddings: ReadonlyMap<string, CellEmbedding>;
}

/** A study whose rows all lie in memory. */
export type StudyInMemory = Study<CsrMatrix>;
