import * as tf from '@tensorflow/tfjs-core';
import { type CancelSignal, throwIfCancelled } from '../../../base/cancel.ts';
import type { NetworkRows } from '../../../data/aligned-pair.ts';
import type { KeyGene, LabelPattern, LabelPatterns } from '../../../data/label-patterns.ts';
import type { Entrance, NetworkOfModel } from '../apply-network.ts';
import { centralityNames } from './centralities.ts';
import { geneEmbeddings, strongestGenes } from './gene-embeddings.ts';
import { geneNetwork } from './gene-network.ts';
import { setAttention } from './set-attention.ts';
import { specificSets } from './specific-sets.ts';

/** Gene sets per label, genes shown per set, key genes per label. Source: KIDA (Commun Biol 2024). */
const [SETS, GENES_PER_SET, KEY_GENES] = [10, 2, 4];

/** Cosine from which genes are linked. Source: KIDA's released code. */
const LINKED_FROM = 0.5;

/**
 * What marks each label: the ten gene sets that its cells attend to otherwise than other cells, with the two genes of largest weight of
 * each, and of all genes of those sets the four that are most central in the network of genes alike (smallest Q).
 * With interleaved tokens a token belongs to no gene set, and there is nothing to say.
 *
 * @param rows cells of all features  @param label [cells] number of each cell's label
 */
export async function labelPatterns(
  data: Entrance & NetworkOfModel & { readonly labels: readonly string[] },
  rows: NetworkRows,
  label: Int32Array,
  signal?: CancelSignal,
): Promise<LabelPatterns> {
  if (data.shape.layout === 'interleaved') return { patterns: [], keyGenes: [] };
  const sets = data.mask.names.length - 1;
  const attention = await setAttention(data, rows, signal);
  const nameOf = (gene: number): string => data.features[data.chosen[gene]!]!;
  const patterns: LabelPattern[] = [];
  const keyGenes: KeyGene[] = [];
  for (const [k, found] of specificSets(attention, sets, label, data.labels.length, SETS).entries()) {
    await tf.nextFrame();
    throwIfCancelled(signal);
    const own = data.labels[k]!;
    found.forEach(({ set, ...shown }, i) => {
      const genes = strongestGenes(data, set, GENES_PER_SET).map(nameOf);
      patterns.push({ label: own, rank: i + 1, set: data.mask.names[set]!, ...shown, genes });
    });
    const { genes, embeddings } = geneEmbeddings(
      data,
      found.map(({ set }) => set),
    );
    const network = geneNetwork(genes.map(nameOf), embeddings, LINKED_FROM);
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
  return { patterns, keyGenes };
}
