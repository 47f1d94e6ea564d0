import { Random } from '../base/random.ts';
import type { GeneSetLibrary } from '../data/gene-sets.ts';
import type { SimulatedPair } from './simulated-pair.ts';

/**
 * Gene sets for a simulated pair, in random order: one per label with the genes that the label raises ("PROGRAMME_OF_AMBER_1"), and
 * `others` sets of as many genes drawn from all ("RANDOM_SET_01"). Same pair, same sets.
 */
export function simulatedGeneSets({ reference, truth, options }: SimulatedPair, others = 60): GeneSetLibrary {
  const random = Random.forPurpose(options.seed, 'simulate gene sets');
  const genes = reference.features.ids;
  const planted = truth.labels.map((label) => ({
    name: programmeName(label),
    genes: [...truth.markers[label]!].sort(),
  }));
  const size = Math.round(planted.reduce((sum, set) => sum + set.genes.length, 0) / planted.length);
  const drawn = Array.from({ length: others }, (_, set) => ({
    name: `RANDOM_SET_${String(set + 1).padStart(2, '0')}`,
    genes: Array.from(random.sample(genes.length, size).sort(), (gene) => genes[gene]!),
  }));
  return { name: 'gene_sets.gmt', sets: random.shuffle([...planted, ...drawn]) };
}

/** The name of the gene set with the programme of a label. */
export function programmeName(label: string): string {
  return `PROGRAMME_OF_${label.toUpperCase().replaceAll(' ', '_')}`;
}
