import * as tf from '@tensorflow/tfjs-core';
import { type CancelSignal, throwIfCancelled } from '../../../base/cancel.ts';
import type { NetworkRows } from '../../../data/aligned-pair.ts';
import type { FoundPatterns, GeneLinks, KeyGene, LabelPattern, PatternDetails } from '../../../data/label-patterns.ts';
import type { Entrance, NetworkOfModel } from '../apply-network.ts';
import { centralityNames } from './centralities.ts';
import { geneEmbeddings, strongestGenes } from './gene-embeddings.ts';
import { type GeneNetwork, geneNetwork } from './gene-network.ts';
import { setAttention } from './set-attention.ts';
import { specificSets } from './specific-sets.ts';

/** Gene sets per label, genes shown per set, key genes per label. Source: KIDA (Commun Biol 2024). */
const [SETS, GENES_PER_SET, KEY_GENES] = [10, 2, 4];

/** Genes of a network that a picture holds. */
const DRAWN_GENES = 24;

/** Cosine from which genes are linked. Source: KIDA's released code. */
const LINKED_FROM = 0.5;

/**
 * What marks each label: the ten gene sets that its cells attend to otherwise than other cells, with the two genes of largest weight of
 * each, and of all genes of those sets the four that are most central in the network of genes alike (smallest Q).
 * `details` holds what figures draw of it: attention of all cells to the strongest set of each label, and the 24 most central genes.
 * With interleaved tokens a token belongs to no gene set, and there is nothing to say.
 *
 * @param rows cells of all features  @param label [cells] number of each cell's label
 */
export async function labelPatterns(
  data: Entrance & NetworkOfModel & { readonly labels: readonly string[] },
  rows: NetworkRows,
  label: Int32Array,
  signal?: CancelSignal,
): Promise<FoundPatterns> {
  if (data.shape.layout === 'interleaved') {
    return { patterns: [], keyGenes: [], details: { attention: [], networks: [] } };
  }
  const sets = data.mask.names.length - 1;
  const attention = await setAttention(data, rows, signal);
  const nameOf = (gene: number): string => data.features[data.chosen[gene]!]!;
  const patterns: LabelPattern[] = [];
  const keyGenes: KeyGene[] = [];
  const networks: GeneLinks[] = [];
  const drawn = new Map<number, PatternDetails['attention'][number]>();
  for (const [k, found] of specificSets(attention, sets, label, data.labels.length, SETS).entries()) {
    await tf.nextFrame();
    throwIfCancelled(signal);
    const own = data.labels[k]!;
    found.forEach(({ set, ...shown }, i) => {
      const genes = strongestGenes(data, set, GENES_PER_SET).map(nameOf);
      patterns.push({ label: own, rank: i + 1, set: data.mask.names[set]!, ...shown, genes });
    });
    const [best] = found;
    if (best !== undefined && !drawn.has(best.set)) {
      const cells = Float32Array.from(label, (_, cell) => attention[cell * sets + best.set]!);
      drawn.set(best.set, { label: own, set: data.mask.names[best.set]!, cells });
    }
    const { genes, embeddings } = geneEmbeddings(
      data,
      found.map(({ set }) => set),
    );
    const network = geneNetwork(genes.map(nameOf), embeddings, LINKED_FROM);
    if (found.length > 0) networks.push(mostCentral(own, network));
    network.order.slice(0, KEY_GENES).forEach((gene, i) => {
      const central = Object.fromEntries(centralityNames.map((name) => [name, network.centralities[name][gene]!]));
      keyGenes.push({
        label: own,
        rank: i + 1,
        gene: network.genes[gene]!,
        q: network.q[gene]!,
        ...(central as Record<(typeof centralityNames)[number], number>),
      });
    });
  }
  return { patterns, keyGenes, details: { attention: [...drawn.values()], networks } };
}

/** What a picture shows of a network: its most central genes and the links among them. */
function mostCentral(label: string, { genes, edges, order, q }: GeneNetwork): GeneLinks {
  const shown = order.slice(0, DRAWN_GENES);
  const place = new Map(shown.map((gene, i) => [gene, i]));
  const links = new Int32Array(genes.length);
  for (const { from, to } of edges) {
    links[from]!++;
    links[to]!++;
  }
  return {
    label,
    genes: shown.map((gene) => ({ gene: genes[gene]!, q: q[gene]!, links: links[gene]! })),
    edges: edges.flatMap(({ from, to, cosine }) => {
      const [a, b] = [place.get(from), place.get(to)];
      return a === undefined || b === undefined ? [] : [{ from: Math.min(a, b), to: Math.max(a, b), cosine }];
    }),
    ofGenes: genes.length,
    linkedFrom: LINKED_FROM,
  };
}
