import { type Centralities, centralities, centralityNames } from './centralities.ts';
import { qStatistic, rankRatios } from './q-statistic.ts';

/** Which genes are alike in what a network has learned of them, and which of them are central. */
export interface GeneNetwork {
  readonly genes: readonly string[];
  /** Rising by `from`, then by `to`; from < to. */
  readonly edges: readonly { readonly from: number; readonly to: number; readonly cosine: number }[];
  readonly centralities: Centralities;
  /** [genes, 5] in the order of `centralityNames`, row by row */
  readonly rankRatios: Float64Array;
  /** [genes] small for genes that are central in every sense */
  readonly q: Float64Array;
  /** Genes by rising Q, the earlier of equals first. */
  readonly order: readonly number[];
}

/**
 * The network of genes whose embeddings have a cosine of at least `threshold`; a gene is not linked with itself.
 * Source: KIDA (Commun Biol 2024), co-expression network of key genes; threshold 0.5 in its code.
 *
 * @param embeddings [genes, width] row by row; a row of zeros has cosine 0 with all
 */
export function geneNetwork(genes: readonly string[], embeddings: Float64Array, threshold: number): GeneNetwork {
  const n = genes.length;
  const width = n === 0 ? 0 : embeddings.length / n;
  const unit = embeddings.slice();
  for (let gene = 0; gene < n; gene++) {
    const row = unit.subarray(gene * width, (gene + 1) * width);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) row.forEach((value, k) => (row[k] = value / length));
  }
  const edges: { from: number; to: number; cosine: number }[] = [];
  const neighbours: number[][] = genes.map(() => []);
  for (let from = 0; from < n; from++) {
    for (let to = from + 1; to < n; to++) {
      let cosine = 0;
      for (let k = 0; k < width; k++) cosine += unit[from * width + k]! * unit[to * width + k]!;
      if (cosine < threshold) continue;
      edges.push({ from, to, cosine });
      neighbours[from]!.push(to);
      neighbours[to]!.push(from);
    }
  }
  const found = centralities(neighbours.map((own) => Int32Array.from(own)));
  const ratios = new Float64Array(n * centralityNames.length);
  centralityNames.forEach((name, c) => {
    rankRatios(found[name]).forEach((ratio, gene) => (ratios[gene * centralityNames.length + c] = ratio));
  });
  const q = Float64Array.from({ length: n }, (_, gene) =>
    qStatistic(ratios.subarray(gene * centralityNames.length, (gene + 1) * centralityNames.length)),
  );
  const order = [...q.keys()].sort((a, b) => q[a]! - q[b]! || a - b);
  return { genes, edges, centralities: found, rankRatios: ratios, q, order };
}
