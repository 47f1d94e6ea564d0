import type { IdType, Modality } from '#core/data/study';
import type { FormatName, MatrixSlot, SkippedPart, SpeciesEvidence, ValueEvidence } from '../study-file.ts';
import type { Repair } from './repair.ts';

/**
 * What one file or folder holds, what is wrong with it and how each problem is repaired: the pre-flight card.
 * Plain data: it crosses process boundaries and is written as JSON as it is.
 */
export interface PreflightReport {
  readonly path: string;
  /** The file's or folder's own name. */
  readonly name: string;
  readonly format: FormatName;
  /** What the file says of itself, e.g. "AnnData 0.7 layout". */
  readonly dialect: string;
  /** On disk; the sum over its parts for a folder. */
  readonly sizeBytes: number;
  readonly slots: readonly MatrixSlot[];
  /** The matrix that would be read; null if the file holds none. */
  readonly chosenSlot: string | null;
  readonly modality: Modality;
  readonly modalityEvidence: string;
  /** As they would be read, before empty cells or labels are dropped. */
  readonly cells: number;
  readonly features: number;
  /** True where the count of rows was extrapolated because the file is large and does not state it. */
  readonly sizeEstimated: boolean;
  readonly values: ValueEvidence;
  readonly species: SpeciesEvidence;
  readonly idType: IdType;
  readonly idEvidence: string;
  /** The first feature ids, as they would be read. */
  readonly exampleFeatures: readonly string[];
  readonly genome: GenomeEvidence;
  /** Candidates first, then the other columns of the cells; none is left out. */
  readonly labelColumns: readonly LabelColumn[];
  readonly labelsFile: LabelsFileReport | null;
  /** The cells the sample looked at; `of` says how many there are. */
  readonly sample: { readonly cells: number; readonly of: number };
  /** Cells of the sample that hold nothing. */
  readonly emptyCells: number;
  readonly duplicateCells: Duplicates;
  readonly duplicateFeatures: Duplicates;
  /** Values of the sample that are not finite numbers. */
  readonly nonFiniteValues: number;
  readonly skipped: readonly SkippedPart[];
  /** Memory the study takes when read, without the copies that preparing makes. */
  readonly estimatedMemoryBytes: number;
  readonly findings: readonly Finding[];
}

export const severities = ['problem', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** One thing a person should know before a run. A `problem` must be repaired before the file can be read. */
export interface Finding {
  readonly severity: Severity;
  /** Stable name, e.g. `values.scaled`. */
  readonly code: string;
  readonly text: string;
  readonly repair?: Repair;
}

/** `chr1` or `1`; `none` where the features are not coordinates. */
export const genomeStyles = ['chr', 'plain', 'mixed', 'none'] as const;
export type GenomeStyle = (typeof genomeStyles)[number];

export interface GenomeEvidence {
  readonly style: GenomeStyle;
  /** As declared by the file, e.g. "GRCh38"; null where it declares none. */
  readonly build: string | null;
  readonly evidence: string;
}

/**
 * `candidate`: could be labels. `many-values`: more different values than labels usually have.
 * `one-value`, `unique`, `number`: not labels by their look; still to be had by name.
 */
export const labelColumnRoles = ['candidate', 'many-values', 'one-value', 'unique', 'number'] as const;
export type LabelColumnRole = (typeof labelColumnRoles)[number];

export interface LabelColumn {
  readonly name: string;
  readonly role: LabelColumnRole;
  /** Different values. */
  readonly distinct: number;
  /** Cells without a value. */
  readonly missing: number;
  /** The most frequent values with their counts of cells, most frequent first, at most 50. */
  readonly counts: readonly { readonly value: string; readonly cells: number }[];
  /** Where it comes from: the study itself or the labels file. */
  readonly from: 'study' | 'labels-file';
}

export interface LabelsFileReport {
  readonly path: string;
  readonly columns: readonly string[];
  /** Lines of the file whose cell name is in the study. */
  readonly matched: number;
  /** Lines whose cell name is not. */
  readonly unmatched: number;
  /** Cells of the study without a line. */
  readonly cellsWithout: number;
}

export interface Duplicates {
  /** Entries whose name was already taken by an earlier one. */
  readonly count: number;
  readonly examples: readonly string[];
}
