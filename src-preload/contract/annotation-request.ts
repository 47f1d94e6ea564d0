import { z } from 'zod';
import { harmoniseWays } from '#core/data/harmonise-way';
import { scenarios } from '#core/data/scenario';

/** A change made while reading, never in the user's file. Offered by the pre-flight report, chosen by a person. */
export const Repair = z.discriminatedUnion('kind', [
  /** Read this matrix instead of the first one. */
  z.strictObject({ kind: z.literal('use-matrix'), slot: z.string() }),
  z.strictObject({ kind: z.literal('make-cell-names-unique') }),
  z.strictObject({ kind: z.literal('make-feature-names-unique') }),
  /** Ensembl ids become symbols by the shipped table or by a column of the file. */
  z.strictObject({ kind: z.literal('map-ensembl-to-symbols'), column: z.string().optional() }),
  z.strictObject({ kind: z.literal('drop-empty-cells') }),
  z.strictObject({ kind: z.literal('drop-cells-below'), counts: z.number().min(0) }),
  z.strictObject({ kind: z.literal('add-chr') }),
  z.strictObject({ kind: z.literal('transpose') }),
  /** Cells without a label, or with one of these labels, are left out. */
  z.strictObject({ kind: z.literal('drop-labels'), labels: z.array(z.string()) }),
  /** Labels get other names; those that come to the same name become one. */
  z.strictObject({
    kind: z.literal('rename-labels'),
    names: z.array(z.strictObject({ from: z.string().min(1), to: z.string().min(1) })).min(1),
  }),
]);
export type Repair = z.output<typeof Repair>;

/** How fragments and peaks are counted; each may be left out. */
export const ChromatinChoice = z.strictObject({
  /** Barcodes that are cells: a list, or a table with them in its first column. */
  barcodes: z.string().min(1).optional(),
  /** The genes: a build (hg38, GRCm38, …) or a GTF, GFF3 or BED file. */
  annotation: z.string().min(1).optional(),
  /** Barcodes with fewer fragments are never cells, where there is no list. */
  minimumFragments: z.int().min(1).optional(),
  /** A BED file with the peaks to count fragments in. */
  peaks: z.string().min(1).optional(),
});
export type ChromatinChoice = z.output<typeof ChromatinChoice>;

/** One file or folder of the user's and how to read it. */
export const StudyChoice = z.strictObject({
  path: z.string().min(1),
  repairs: z.array(Repair).default([]),
  /** A CSV or TSV with a cell name and further columns, joined to the cells by name. */
  labelsFile: z.string().optional(),
  chromatin: ChromatinChoice.optional(),
});
export type StudyChoice = z.output<typeof StudyChoice>;

export const engineChoices = ['auto', 'wasm', 'webgpu', 'cuda'] as const;

/** All that determines a run: the same request on the same files gives the same result. */
export const AnnotationRequest = z.strictObject({
  reference: z.array(StudyChoice).min(1),
  query: z.array(StudyChoice).min(1),
  /** The query's own peaks (same cells), from which its neighbour graph is made in RNA → ATAC. */
  queryPeaks: StudyChoice.optional(),
  /** How two studies of open chromatin come to the same features; `auto` takes the best way there is. */
  harmonise: z.enum(['auto', ...harmoniseWays]).default('auto'),
  /** A chain file that leads from the genome of the query to that of the reference, where they differ. */
  chain: z.string().min(1).optional(),
  /** Column of the reference that holds the labels. */
  label: z.string().min(1),
  /** Column of the query that holds the true labels; for scoring only. */
  truth: z.string().optional(),
  scenario: z.enum(['auto', ...scenarios]).default('auto'),
  /** A GMT file with gene sets, for methods that read cells through them; without it those that are shipped for the species. */
  geneSets: z.string().min(1).optional(),
  method: z.string().default('cellpredx'),
  /** Name of a preset of the method. */
  preset: z.string().default('recommended'),
  /** Settings that differ from the preset; the method's own schema checks them. */
  settings: z.record(z.string(), z.unknown()).default({}),
  /** Try further settings for this pair first and take the best, without labels of the query; those under `settings` stay. */
  tune: z.boolean().default(false),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1234),
  engine: z.enum(engineChoices).default('auto'),
  /** Cells whose confidence does not exceed it are shown as Unknown. */
  threshold: z.number().min(0).max(1).default(0.95),
  figures: z.boolean().default(true),
});
export type AnnotationRequest = z.output<typeof AnnotationRequest>;
export type AnnotationRequestInput = z.input<typeof AnnotationRequest>;
