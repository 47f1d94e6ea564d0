import type { GeneModel } from '#core/chromatin/gene-model';
import type { LineReport } from '../text/malformed-lines.ts';

/** A gene with what else the annotation says about it. */
export interface AnnotatedGene extends GeneModel {
  /** Id without its version; the name where the file has no ids. */
  readonly id: string;
  /** E.g. "protein_coding"; null where the file does not say. */
  readonly biotype: string | null;
}

/** Which genes are taken of an annotation that tells their kinds. */
export const geneChoices = ['protein-coding', 'all'] as const;
export type GeneChoice = (typeof geneChoices)[number];

/** The genes of a file. One name may be on several of them; which one counts is decided by who counts. */
export interface GeneModels {
  readonly genes: readonly AnnotatedGene[];
  readonly format: 'gtf' | 'gff3' | 'bed';
  /** As the file declares it, e.g. "GRCh38.p14"; null where it does not. */
  readonly build: string | null;
  /** Genes left out by the choice. */
  readonly leftOut: number;
  /** What a person should know, e.g. that the file does not tell which genes code for proteins. */
  readonly notes: readonly string[];
  readonly report: LineReport;
}
