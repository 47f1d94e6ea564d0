import { AppError } from '../base/app-error.ts';
import { compareContigs } from './contigs.ts';
import type { Interval } from './interval-index.ts';

/** One gene or transcript of an annotation, 0-based half-open. Several entries may bear one name. */
export interface GeneModel extends Interval {
  readonly name: string;
  readonly strand: '+' | '-';
}

/** Genes wider than this are left out of gene activity, as in Signac. */
export const widestGene = 500_000;

/**
 * The genes that activity is counted for: of each name the longest entry (the first of equals), then without those whose
 * body is wider than `widest`, as Signac does it (Stuart et al. 2021, doi:10.1038/s41592-021-01282-5). Entries without
 * a base are passed over. By contig (1, 2, …, X, Y, M, others), start and name.
 *
 * @throws AppError `chromatin.no-genes` if none is left
 */
export function genesToCount(models: readonly GeneModel[], widest = widestGene): GeneModel[] {
  const longest = new Map<string, GeneModel>();
  for (const gene of models) {
    if (!(gene.start < gene.end)) continue;
    const held = longest.get(gene.name);
    if (held === undefined || gene.end - gene.start > held.end - held.start) longest.set(gene.name, gene);
  }
  const kept = [...longest.values()].filter((gene) => gene.end - gene.start <= widest);
  if (kept.length === 0) throw new AppError('chromatin.no-genes', { entries: models.length, widest });
  return kept.sort(
    (a, b) =>
      compareContigs(a.contig, b.contig) || a.start - b.start || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

/** The body with `upstream` bases before it in reading direction; it does not go below the start of the contig. */
export function withUpstream(gene: GeneModel, upstream: number): Interval {
  return gene.strand === '+'
    ? { contig: gene.contig, start: Math.max(0, gene.start - upstream), end: gene.end }
    : { contig: gene.contig, start: gene.start, end: gene.end + upstream };
}

/** The first base that is read: `start` on the forward strand, `end` − 1 on the reverse one. */
export function transcriptionStart(gene: GeneModel): number {
  return gene.strand === '+' ? gene.start : gene.end - 1;
}
