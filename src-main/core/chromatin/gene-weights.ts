import { contigKey } from './contigs.ts';
import { type GeneModel, genesToCount, withUpstream } from './gene-model.ts';

export interface WeightOptions {
  /** Width of a tile in bases. Default 500. */
  readonly tile?: number;
  /** How far from the body insertions count. Default 100 000. */
  readonly reach?: number;
  /** Bases on either side of the body that count whatever gene is near. Default 1 000. */
  readonly least?: number;
  /** Bases upstream that count as the body when distances are measured. Default 5 000. */
  readonly upstream?: number;
  /** Distance over which the weight falls by e. Default 5 000. */
  readonly decay?: number;
  /** Weight of the narrowest gene; that of the widest is 1. Default 5. */
  readonly widthFactor?: number;
  /** Genes whose body is wider than this are left out. Default 500 000. */
  readonly widest?: number;
  /** What each cell is scaled to. Default 10 000. */
  readonly scaleTo?: number;
  /** Most insertions that one tile of a cell counts with; ArchR takes 4. Default: no limit. */
  readonly ceiling?: number;
}

/** A gene with what its weights need. Positions are 0-based and half-open. */
export interface WeightedGene {
  readonly gene: GeneModel;
  /** The body extended upstream: distance 0. */
  readonly start: number;
  readonly end: number;
  /** Where something can lie that counts for the gene. */
  readonly from: number;
  readonly to: number;
  /** 1 … `widthFactor`, larger for narrow genes. */
  readonly factor: number;
}

/**
 * The genes of the distance-weighted model (ArchR, Granja et al. 2021, doi:10.1038/s41588-021-00790-6), in the order of
 * `genesToCount`.
 *
 * What lies up to 100 kb from the body counts, but not what lies less than a tile from the neighbouring gene or beyond it;
 * neighbours are the genes before and behind in the order of their starts. 1 kb on either side counts in any case.
 * With m = 1 / (width of the body extended 5 kb upstream) the factor is 1 + (5 − 1)·(m − min m)/(max m − min m); where
 * all genes have one width it is 1. (ArchR leaves out “− min m”, which adds the same small number, about 0.04, to all.)
 */
export function weightedGenes(models: readonly GeneModel[], options: WeightOptions = {}): WeightedGene[] {
  const { tile = 500, reach = 100_000, least = 1000, upstream = 5000, widthFactor = 5, widest } = options;
  const genes = genesToCount(models, widest);
  const keys = genes.map((gene) => contigKey(gene.contig));
  const bodies = genes.map((gene) => withUpstream(gene, upstream));
  const inverse = bodies.map(({ start, end }) => 1 / (end - start));
  const low = inverse.reduce((a, b) => Math.min(a, b));
  const high = inverse.reduce((a, b) => Math.max(a, b));
  return genes.map((gene, i) => {
    const before = keys[i - 1] === keys[i] ? genes[i - 1]!.end + tile : -Infinity;
    const behind = keys[i + 1] === keys[i] ? genes[i + 1]!.start - tile : Infinity;
    const share = high > low ? (inverse[i]! - low) / (high - low) : 0;
    return {
      gene,
      start: bodies[i]!.start,
      end: bodies[i]!.end,
      from: Math.max(0, Math.min(gene.start - least, Math.max(gene.start - reach, before))),
      to: Math.max(gene.end + least, Math.min(gene.end + reach, behind)),
      factor: 1 + (widthFactor - 1) * share,
    };
  });
}

/**
 * exp(−d/decay) + e⁻¹, d the bases between start … end−1 and the extended body; 1 + e⁻¹ where they touch or overlap.
 * @param decay in bases
 */
export function distanceWeight(gene: WeightedGene, start: number, end: number, decay: number): number {
  const distance = Math.max(0, gene.start - end, start - gene.end);
  return Math.exp(-distance / decay) + Math.exp(-1);
}
