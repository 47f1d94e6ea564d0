import type { NetworkOfModel } from '../apply-network.ts';

/** How the weights of a gene in a set are put into one number: the sum of their sizes, or of the weights themselves. */
export type GeneRanking = 'absolute' | 'signed';

/**
 * The genes of a set with the largest weights, the largest first, equal ones in the order of the genes: at most `top` places among the
 * chosen genes.
 *
 * P_j(g) = Σ_k W_j[k, g] as the paper has it (`signed`) can cancel; `absolute` takes Σ_k |W_j[k, g]|.
 */
export function strongestGenes(
  { mask, parameters, shape }: NetworkOfModel,
  set: number,
  top: number,
  ranking: GeneRanking = 'absolute',
): readonly number[] {
  const { values } = parameters['links']!;
  const links = Array.from({ length: mask.starts[set + 1]! - mask.starts[set]! }, (_, i) => mask.starts[set]! + i);
  const strength = (link: number): number =>
    values
      .subarray(link * shape.width, (link + 1) * shape.width)
      .reduce((sum, w) => sum + (ranking === 'signed' ? w : Math.abs(w)), 0);
  return links
    .map((link) => ({ gene: mask.genes[link]!, strength: strength(link) }))
    .sort((a, b) => b.strength - a.strength || a.gene - b.gene)
    .slice(0, top)
    .map(({ gene }) => gene);
}

/**
 * What was learned of the genes of some sets: row g of Σ_j W_j, for the genes that any of them has and whose row is not all zero.
 * @returns places among the chosen genes, rising, and their embeddings [genes, h] row by row
 */
export function geneEmbeddings(
  { mask, parameters, shape: { width } }: NetworkOfModel,
  sets: readonly number[],
): { genes: readonly number[]; embeddings: Float64Array } {
  const rows = new Map<number, Float64Array>();
  for (const set of sets) {
    for (let link = mask.starts[set]!; link < mask.starts[set + 1]!; link++) {
      const gene = mask.genes[link]!;
      const row = rows.get(gene) ?? new Float64Array(width);
      for (let k = 0; k < width; k++) row[k]! += parameters['links']!.values[link * width + k]!;
      rows.set(gene, row);
    }
  }
  const genes = [...rows.keys()].filter((gene) => rows.get(gene)!.some((w) => w !== 0)).sort((a, b) => a - b);
  const embeddings = new Float64Array(genes.length * width);
  genes.forEach((gene, i) => embeddings.set(rows.get(gene)!, i * width));
  return { genes, embeddings };
}
