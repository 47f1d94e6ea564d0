import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { CancelSignal } from '#core/base/cancel';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { Species } from '#core/data/study';
import type { AnnotatedGene } from '../gene-models/gene-models.ts';
import { buildNamed } from '../gene-models/shipped-gene-models.ts';
import type { StudyChoice } from '../inspect/repair.ts';
import { chosenGenes, sureBuild } from './chosen-genes.ts';
import type { FragmentColumns } from './fragment-columns.ts';
import type { FragmentLook } from './look-at-fragments.ts';

/** The genome that fragments lie on. */
export interface FragmentGenome {
  /** Null where they are not needed and cannot be had. */
  readonly genes: readonly AnnotatedGene[] | null;
  /** hg38, mm10, …; null where it is not known. */
  readonly build: string | null;
  readonly notes: readonly PreparationNote[];
}

/**
 * The genes and the build of a fragments file. Genes are needed for gene activity; for other columns they are taken where
 * they can be had, to tell the quality of cells. Throws what `chosenGenes` throws.
 */
export async function genomeOfFragments(
  { path, chromatin }: StudyChoice,
  columns: FragmentColumns,
  { places, report }: Pick<FragmentLook, 'places' | 'report'>,
  signal: CancelSignal | undefined,
): Promise<FragmentGenome> {
  const annotation = chromatin?.annotation;
  const signs = { name: basename(path), places, headers: report.headers };
  if (columns.kind === 'gene-activity') return chosenGenes(annotation, signs, signal);
  const wanted = annotation ?? (await sureBuild(signs));
  if (wanted === null) return { genes: null, build: null, notes: [] };
  try {
    return { ...(await chosenGenes(wanted, signs, signal)), notes: [] };
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'reading.no-gene-models')) throw error;
    return { genes: null, build: buildNamed(wanted), notes: [] };
  }
}

/** The species of a genome build. */
export function speciesOf(build: string | null): Species {
  if (build === null) return 'unknown';
  return /^hg|^hs/.test(build) ? 'human' : /^mm/.test(build) ? 'mouse' : 'unknown';
}
