import type { CellEmbedding, CellTable, FeatureTable, Modality, Species, ValueKind } from '#core/data/study';
import type { CsrMatrix } from '#core/data/csr-matrix';

/** File formats that can be read, by the name a person would use. */
export const formatNames = ['h5ad', 'h5mu', '10x-h5', 'mtx', 'loom', 'csv', 'fragments'] as const;
export type FormatName = (typeof formatNames)[number];

/**
 * An open file or folder that holds a study. Opening reads shapes and lists of names, of a table of text its first lines,
 * whatever the size of the file; tables and rows are read when asked for. Reading rows takes memory for these rows, not
 * for the whole matrix, however it is stored. Every method throws an `AppError` of the `reading` area that names the
 * file, the place in it and the remedy; none gives back a wrong or half-filled matrix.
 */
export interface StudyFile {
  readonly format: FormatName;
  /** What the file says of itself, e.g. "AnnData 0.7 layout" or "Cell Ranger 3". */
  readonly dialect: string;
  readonly path: string;
  /** The matrices in it; the first is the one to use unless a person or the evidence says otherwise. Empty if there is none. */
  readonly slots: readonly MatrixSlot[];
  /** What could not be read and was left out, with the reason: one unreadable column never blocks the rest. */
  readonly skipped: readonly SkippedPart[];
  /** Cells of the slot's modality. */
  readCells(slot: MatrixSlot): Promise<CellTable>;
  readFeatures(slot: MatrixSlot): Promise<FeatureTable>;
  /** Rows from … to−1 of a slot: [to − from, features], columns rising within each row. */
  readRows(slot: MatrixSlot, from: number, to: number): Promise<CsrMatrix>;
  /** Numbers per cell that came with the file (obsm), without those that could not be read. */
  readEmbeddings(slot: MatrixSlot): Promise<ReadonlyMap<string, CellEmbedding>>;
  close(): void;
}

/** One matrix of a file: `X`, `raw/X`, `layers/counts`, `mod/rna/X`, `matrix (Peaks)`, … */
export interface MatrixSlot {
  /** Unique within the file; what `--matrix` and a repair name. */
  readonly id: string;
  /** The modality's name in the file (h5mu, feature types of 10x), else null. */
  readonly modalityName: string | null;
  /** Modality by declaration of the file, where it declares one. */
  readonly modality: Modality | null;
  /** Of a table of text, the one of the two that its rows stand for is an estimate until their names were read. */
  readonly cells: number;
  readonly features: number;
  readonly storage: 'csr' | 'csc' | 'dense' | 'coordinates' | 'text';
  /** Stored values; null where the format does not say before reading. */
  readonly stored: number | null;
}

export interface SkippedPart {
  /** Place in the file, e.g. `obs/n_genes`. */
  readonly place: string;
  readonly reason: string;
}

/** What a sample of values says about a matrix, with the evidence in words a person can check. */
export interface ValueEvidence {
  readonly kind: ValueKind;
  readonly evidence: string;
}

export interface SpeciesEvidence {
  readonly species: Species;
  readonly evidence: string;
}
