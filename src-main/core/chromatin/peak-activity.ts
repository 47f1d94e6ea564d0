import { AppError } from '../base/app-error.ts';
import type { CsrMatrix } from '../data/csr-matrix.ts';
import type { SparseRows } from '../data/sparse-rows.ts';
import { type BodyOptions, type GeneActivity, type GeneModel, type LongWork } from './gene-activity.ts';
import { genesToCount, withUpstream } from './gene-model.ts';
import { distanceWeight, weightedGenes, type WeightOptions } from './gene-weights.ts';
import { requireCommonContig } from './contig-runs.ts';
import { type Interval, IntervalIndex } from './interval-index.ts';
import { sharePlaces, weightMatrix } from './peak-weights.ts';
import { productOfRows } from './row-product.ts';

/** A peak matrix with the places of its columns. */
export interface PeakCounts {
  /** What a person calls the study, for messages. */
  readonly name: string;
  /** [cells, peaks] counts or 0/1 */
  readonly matrix: SparseRows;
  /** [peaks] place of each column. */
  readonly peaks: readonly Interval[];
}

/**
 * Gene activity where there are no fragments: for each gene the sum of the counts of all peaks that share a base with body
 * + 2 kb upstream. A peak in two genes counts for both, wholly. Genes as in `GeneActivityCounter`.
 *
 * @throws AppError `chromatin.no-genes`, `chromatin.peaks-not-of-matrix`, `chromatin.no-contig-in-common`
 */
export async function bodyActivityOfPeaks(
  source: PeakCounts,
  models: readonly GeneModel[],
  { upstream = 2000, widest, ...work }: Omit<BodyOptions, 'unit'> & LongWork = {},
): Promise<GeneActivity> {
  const genes = genesToCount(models, widest);
  const regions = new IntervalIndex(genes.map((gene) => withUpstream(gene, upstream)));
  const weights = weightMatrix(source.peaks, genes.length, ({ contig, start, end }, add) =>
    regions.overlapping(contig, start, end, (gene) => add(gene, 1)),
  );
  return activity(source, genes, weights, undefined, work);
}

/**
 * Gene activity weighted by distance where there are no fragments: as `WeightedActivityCounter`, with peaks in the place of
 * tiles. A peak counts for a gene when it shares a base with its reach. Each cell is scaled to a sum of 10⁴.
 * (Ours: ArchR has no such way, it asks for fragments.)
 *
 * @throws as `bodyActivityOfPeaks`
 */
export async function weightedActivityOfPeaks(
  source: PeakCounts,
  models: readonly GeneModel[],
  options: WeightOptions & LongWork = {},
): Promise<GeneActivity> {
  const { decay = 5000, scaleTo = 10_000, ceiling = Infinity } = options;
  const weighted = weightedGenes(models, options);
  const reaches = new IntervalIndex(
    weighted.map(({ gene, from, to }) => ({ contig: gene.contig, start: from, end: to })),
  );
  const weights = weightMatrix(source.peaks, weighted.length, ({ contig, start, end }, add) =>
    reaches.overlapping(contig, start, end, (g) => {
      const gene = weighted[g]!;
      add(g, gene.factor * distanceWeight(gene, start, end, decay));
    }),
  );
  const genes = weighted.map(({ gene }) => gene);
  return activity(source, genes, weights, { scaleTo, ceiling }, options);
}

async function activity(
  { name, matrix, peaks }: PeakCounts,
  genes: readonly GeneModel[],
  weights: CsrMatrix,
  scaling: { scaleTo: number; ceiling: number } | undefined,
  work: LongWork,
): Promise<GeneActivity> {
  if (peaks.length !== matrix.columns) {
    throw new AppError('chromatin.peaks-not-of-matrix', { study: name, features: matrix.columns, peaks: peaks.length });
  }
  const { product, columnSums } = await productOfRows(matrix, weights, { ...work, ...scaling });
  const share = sharePlaces(peaks, weights, columnSums, genes);
  requireCommonContig(share, { counted: `The peaks of ${name}`, intervals: 'the gene list' }, genes);
  return { genes, matrix: product, share };
}
